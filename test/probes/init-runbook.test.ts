import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { initRunbook } from "../../probes/init-runbook.ts";
import { fencedBlocks } from "../../probes/runbook.ts";
import { contextWith } from "./fixtures.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "runbook-"));
  mkdirSync(join(root, "docs"));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

/** Measures a runbook of these lines. */
async function measure(...lines: string[]): Promise<{ holds: boolean; detail: string }> {
  writeFileSync(join(root, "docs/DB_INIT_RUNBOOK.md"), lines.join("\n"));
  return initRunbook.measure(await contextWith({ root }));
}

describe("fenced blocks", () => {
  it("are found with their line and language, indented and with longer fences too", () => {
    const page = [
      "# Title",
      "```bash",
      "echo 1",
      "```",
      "text",
      "  ````sql extra",
      "```",
      "  ````",
      "~~~",
      "open",
    ].join("\n");
    expect(fencedBlocks(page)).toEqual([
      { line: 2, language: "bash", text: "echo 1" },
      { line: 6, language: "sql", text: "```" },
      { line: 9, language: "", text: "open" },
    ]);
  });
});

describe("the runbook", () => {
  it("holds when every block runs, in the project's folder, with the stack's name", async () => {
    const found = await measure(
      "```bash",
      'test "$STACK" = dev && test -f docs/DB_INIT_RUNBOOK.md',
      "```",
      "```bash",
      "true",
      "```",
    );
    expect(found).toMatchObject({ holds: true, detail: "all 2 blocks of docs/DB_INIT_RUNBOOK.md run" });
  });

  it("does not hold when a block fails, even in the middle of a pipe, and stops there", async () => {
    const found = await measure("```bash", "echo before", "false | cat", "```", "```bash", "touch reached", "```");
    expect(found).toMatchObject({ holds: false, detail: "the block at line 1 ends with exit code 1: before" });
    expect(() => rmSync(join(root, "reached"))).toThrow();
  });

  it("does not hold with a block that is no script, or with none at all", async () => {
    expect((await measure("```text", "looks like this", "```")).detail).toBe("the block at line 1 is text, not bash");
    expect((await measure("# Runbook")).detail).toBe("docs/DB_INIT_RUNBOOK.md has no fenced block");
  });

  it("does not run itself", async () => {
    vi.stubEnv("PLATFORM_RUNBOOK_RUNNING", "1");
    await expect(measure("```bash", "true", "```")).rejects.toThrow("calls its own measurement");
  });
});
