import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { fencedBlocks } from "../../probes/runbook.ts";
import { ROOT } from "../harness/plans.ts";

const page = readFileSync(join(ROOT, "docs/DB_INIT_RUNBOOK.md"), "utf8");
const blocks = fencedBlocks(page);

// That the blocks do what the page says is proven by `verify --task 2.1`, which runs them on a stack.
describe("docs/DB_INIT_RUNBOOK.md", () => {
  it("has blocks, all of them bash", () => {
    expect(blocks.length).toBeGreaterThan(10);
    expect(blocks.filter(({ language }) => language !== "bash")).toEqual([]);
  });

  it.each(blocks.map(({ line, text }) => [line, text] as const))("line %i: bash reads it", (_line, text) => {
    const { status, stderr } = spawnSync("bash", ["-n"], { input: text, encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
  });

  it.each(blocks.map(({ line, text }) => [line, text] as const))("line %i: removes nothing", (_line, text) => {
    expect(text).not.toMatch(/\bdown\b|--volumes|\brm\b|\bDROP\b|\bDELETE\b|\bTRUNCATE\b|volume prune/);
  });

  it.each(blocks.map(({ line, text }) => [line, text] as const))(
    "line %i: names its stack by itself",
    (_line, text) => {
      const uses = /--stack|odoo-platform-\$/.test(text);
      expect(uses && !text.includes("${STACK:-dev}")).toBe(false);
    },
  );

  it("says after each block what is seen", () => {
    const pieces = page.split(/^```$/m).slice(1);
    // A block may be followed by the next at once where both are read together.
    const silent = pieces.filter((piece) => !/^\s*\n(You see|This starts)/.test(piece));
    expect(silent).toEqual([]);
  });
});
