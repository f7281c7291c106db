import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { SPEC } from "../../engine/pages/master-plan.ts";
import { claudePage, findMapFaults, llmsFull, llmsMap, specKit } from "../../probes/pages.ts";
import type { Probe } from "../../probes/probe.ts";
import { type Clone, makeClone } from "../harness/clone.ts";
import { ROOT } from "../harness/plans.ts";
import { untraced } from "../harness/untraced.ts";
import { contextWith } from "./fixtures.ts";

async function measure(probe: Probe, root: string) {
  const context = await contextWith({ root });
  return untraced(() => probe.measure(context));
}

describe("the generated pages", () => {
  let clone: Clone;
  beforeEach(() => {
    clone = makeClone();
  });
  afterEach(() => clone.discard());

  it.each([
    ["spec/", specKit],
    ["llms.txt", llmsMap],
    ["llms-full.txt", llmsFull],
    ["CLAUDE.md", claudePage],
  ])("%s of this project hold", async (_what, probe) => {
    const { holds, detail } = await measure(probe, ROOT);
    expect([holds, detail]).toEqual([true, expect.stringMatching(/generated today$|nothing that is gone$/)]);
  });

  it.each<[string, Probe, (clone: Clone) => void, RegExp]>([
    [
      "a status was ticked by hand",
      specKit,
      ({ replace }) => replace(`${SPEC}/tasks.md`, "| PENDING | no evidence yet", "| GO | done"),
      /tasks\.md differs .* from line \d+ on; run `npm run platform -- docs`/,
    ],
    ["a page of the plan is gone", specKit, ({ remove }) => remove(`${SPEC}/prd.md`), /prd\.md is missing/],
    [
      "a requirement was softened",
      specKit,
      ({ replace }) => replace(`${SPEC}/prd.md`, "exactly its rights", "its rights"),
      /prd\.md differs/,
    ],
    [
      "a rule of the constitution has lost what enforces it",
      specKit,
      ({ remove }) => remove("test/gates/verdict.test.ts"),
      /The constitution names what is gone: test\/gates\/verdict\.test\.ts \(Nothing is ticked\)/,
    ],
    ["a file is new", llmsMap, ({ write }) => write("engine/new.ts", "export {};\n"), /does not name engine\/new\.ts/],
    ["a file is gone", llmsMap, ({ remove }) => remove("bench/wrk.ts"), /names what is gone: bench\/wrk\.ts/],
    [
      "a file's purpose changed",
      llmsMap,
      ({ replace }) => replace("stacks/program.ts", "The whole system", "All of it"),
      /llms\.txt differs/,
    ],
    [
      "an export's comment changed",
      llmsFull,
      ({ replace }) => replace("engine/lock.ts", "Runs work", "Runs any work"),
      /llms-full\.txt differs/,
    ],
    [
      "a rule for reviewers was added",
      claudePage,
      ({ replace }) => replace("docs/ARCHITECTURE.md", "- Ids of tasks", "- No stubs.\n- Ids of tasks"),
      /CLAUDE\.md differs/,
    ],
    [
      "the page that it is made from lost a section",
      claudePage,
      ({ replace }) => replace("README.md", "## Verbs", "## Commands"),
      /README\.md has no heading `## Verbs`/,
    ],
  ])("do not hold where %s", async (_what, probe, breakIt, fault) => {
    breakIt(clone);
    // What throws is taken for a claim that does not hold.
    const found = await measure(probe, clone.root).catch((error: unknown) => ({
      holds: false,
      detail: (error as Error).message,
    }));
    expect([found.holds, found.detail]).toEqual([false, expect.stringMatching(fault)]);
  });
});

describe("a map of files", () => {
  it.each<[string, string[], string[], string[]]>([
    ["is whole", ["a", "b"], ["a", "b"], []],
    ["lacks some", ["a"], ["a", "b", "c"], ["llms.txt does not name b, c"]],
    ["names what is gone", ["a", "b"], ["a"], ["llms.txt names what is gone: b"]],
    ["is empty", [], ["a"], ["llms.txt does not name a"]],
  ])("that %s", (_what, named, there, faults) => {
    expect(findMapFaults(named, there)).toEqual(faults);
  });
});
