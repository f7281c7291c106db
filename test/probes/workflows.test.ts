import { symlinkSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { GENERATED } from "../../engine/generated.ts";
import type { Probe } from "../../probes/probe.ts";
import { ciRunbot, docsDriftGate, findGateFaults, llmsTxtCheck } from "../../probes/workflows.ts";
import { type Clone, makeClone } from "../harness/clone.ts";
import { ROOT } from "../harness/plans.ts";
import { contextWith } from "./fixtures.ts";

let clone: Clone;
beforeEach(() => {
  clone = makeClone();
  symlinkSync(join(ROOT, "node_modules"), join(clone.root, "node_modules"));
});
afterEach(() => clone.discard());

async function measure(probe: Probe): Promise<{ holds: boolean; detail: string }> {
  return probe.measure(await contextWith({ root: clone.root }));
}

describe("the workflows of phase 0", () => {
  it.each([
    ["llms-txt-check", llmsTxtCheck],
    ["ci-runbot", ciRunbot],
    ["docs-drift-gate", docsDriftGate],
  ])("%s holds; then a command of it is gone, then it is gone itself", async (name, probe) => {
    expect(await measure(probe)).toMatchObject({ holds: true });
    const path = `.github/workflows/${name}.yml`;
    clone.replace(path, "- run: npm ci\n", "- run: npm run nothing\n");
    const broken = await measure(probe);
    expect([broken.holds, broken.detail]).toEqual([
      false,
      expect.stringContaining("package.json has no script nothing"),
    ]);
    clone.remove(path);
    expect(await measure(probe)).toMatchObject({ holds: false, detail: `${path} is missing` });
  });

  it("docs-drift-gate does not hold where its check only says so", async () => {
    clone.replace("cli/docs.ts", "throw new Fault(", "process.stdout.write(");
    const { holds, detail } = await measure(docsDriftGate);
    expect([holds, detail]).toEqual([false, expect.stringContaining("passes though every generated file was edited")]);
  });

  it("docs-drift-gate does not hold where the project has drifted already", async () => {
    clone.replace("CLAUDE.md", "## What this is", "## What it is");
    const { holds, detail } = await measure(docsDriftGate);
    expect([holds, detail]).toEqual([false, expect.stringMatching(/fails on the project as it is: .*CLAUDE\.md/)]);
  });
});

describe("a gate against drift", () => {
  const passes = { exitCode: 0, output: "current" };
  const names = { exitCode: 1, output: `Not as the plans say: ${GENERATED.join(", ")}.` };

  it("passes before, and fails afterwards with every file's name", () => {
    expect(findGateFaults(passes, names)).toEqual([]);
  });

  it("that overlooks one file is found", () => {
    const some = { exitCode: 1, output: GENERATED.filter((path) => path !== "llms.txt").join(" ") };
    expect(findGateFaults(passes, some).join()).toMatch(/docs-drift-gate\.yml does not name llms\.txt$/);
  });
});
