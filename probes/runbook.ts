import { readFileSync } from "node:fs";
import { join } from "node:path";

import { x } from "tinyexec";

import { fromFaults, type Measurement, type ProbeContext } from "./probe.ts";

/** Set while a runbook's blocks run: one of them may well call `verify`. */
const RUNNING = "PLATFORM_RUNBOOK_RUNNING";

/** A fenced block of a page. */
export interface Block {
  /** Line of the page where it begins. */
  readonly line: number;
  /** First word after the fence. */
  readonly language: string;
  readonly text: string;
}

/**
 * Runs every fenced block of a page, in order, each in a shell of its own that ends at the first failing command, with the
 * stack's name in STACK. A block that isn't `bash` is a fault: nothing in a runbook is decoration.
 */
export async function runBlocks(
  path: string,
  { root, stack }: Pick<ProbeContext, "root" | "stack">,
): Promise<Measurement> {
  if (process.env[RUNNING] !== undefined)
    throw new Error(`${path} calls its own measurement; take it out of its blocks`);
  const blocks = fencedBlocks(readFileSync(join(root, path), "utf8"));
  const faults: string[] = blocks.length === 0 ? [`${path} has no fenced block`] : [];
  const seconds: Record<string, number> = {};
  for (const { line, language, text } of blocks) {
    if (language !== "bash") {
      faults.push(`the block at line ${line} is ${language === "" ? "of no language" : language}, not bash`);
      continue;
    }
    const started = performance.now();
    // A program without a terminal is taken for a remote one by bash, which then reads this machine's settings.
    const { exitCode, stderr, stdout } = await x("bash", ["--norc", "-euo", "pipefail", "-c", text], {
      nodeOptions: { cwd: root, env: { STACK: stack, [RUNNING]: "1", CI: "true" } },
    });
    seconds[`line ${line}`] = Math.round((performance.now() - started) / 100) / 10;
    if (exitCode === 0) continue;
    const last = `${stdout}\n${stderr}`.trim().split("\n").at(-1) ?? "";
    faults.push(`the block at line ${line} ends with exit code ${exitCode ?? "none"}: ${last}`);
    // What follows builds on it.
    break;
  }
  return fromFaults(faults, {
    measured: { blocks: blocks.length, seconds },
    limit: "every block exits 0",
    held: `all ${blocks.length} blocks of ${path} run`,
  });
}

/** Fenced blocks of a Markdown page; a fence that is never closed reaches to the end. */
export function fencedBlocks(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; language: string; fence: string; lines: string[] } | undefined;
  for (const [index, line] of markdown.split("\n").entries()) {
    const [, fence = "", info = ""] = /^ {0,3}(`{3,}|~{3,})\s*([^\s`]*)/.exec(line) ?? [];
    if (open === undefined) {
      if (fence !== "") open = { line: index + 1, language: info, fence, lines: [] };
    } else if (fence.startsWith(open.fence) && info === "") {
      blocks.push({ line: open.line, language: open.language, text: open.lines.join("\n") });
      open = undefined;
    } else {
      open.lines.push(line);
    }
  }
  if (open !== undefined) blocks.push({ line: open.line, language: open.language, text: open.lines.join("\n") });
  return blocks;
}
