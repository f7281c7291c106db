import { join } from "node:path";

import { x } from "tinyexec";

import type { Say } from "../engine.ts";
import { Fault } from "../fault.ts";
import { folderOf } from "./preview.ts";

/** Lines of a verb's end that tell why it failed. */
const TELLING = 4;

/**
 * Runs a verb on a preview, in a process of its own: the program that is checked out here, on the sources of the preview.
 *
 * @throws Fault with its last words where it fails.
 */
export async function runVerb(root: string, stack: string, args: readonly string[], say: Say): Promise<void> {
  const child = x(process.execPath, [join(root, "cli/platform.mjs"), ...args, "--stack", stack], {
    nodeOptions: { cwd: folderOf(root, stack), env: { CI: "true" } },
  });
  child.process?.stdout?.on("data", (chunk: Buffer) => {
    for (const line of chunk.toString("utf8").split("\n")) if (/^✔ /.test(line)) say(line.slice(2));
  });
  const { exitCode, stdout, stderr } = await child;
  if (exitCode === 0) return;
  const said = (stderr.trim() === "" ? stdout : stderr).trim().split("\n").slice(-TELLING).join(" ");
  throw new Fault(`\`${args[0] ?? ""}\` of stack ${stack} ended with ${exitCode ?? "a signal"}: ${said}`);
}
