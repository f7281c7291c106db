import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { findModelFaults, findTitleFaults, threatModel, threatsIn } from "../../probes/threat-model.ts";
import { type Clone, makeClone } from "../harness/clone.ts";
import { contextWith } from "./fixtures.ts";

const MODEL = "security/WEB_SHELL_THREAT_MODEL.md";

describe("the threat model of the web shell", () => {
  let clone: Clone;
  beforeEach(() => {
    clone = makeClone();
  });
  afterEach(() => clone.discard());

  const measure = async () => threatModel.measure(await contextWith({ root: clone.root }));

  it("holds", async () => {
    const { holds, detail } = await measure();
    expect([holds, detail]).toEqual([
      true,
      expect.stringMatching(/^each of \d\d threats names a test that attacks it$/),
    ]);
  });

  it.each<[string, (clone: Clone) => void, RegExp]>([
    [
      "a threat names no test",
      ({ replace }) => replace(MODEL, "| D1 |", "| D9 | Floods | limits | later |\n| D1 |"),
      /^D9 names no test, as `file` › title$/,
    ],
    [
      "a test was renamed",
      ({ replace }) => replace("test/e2e/5-shell-site.test.ts", "refuses every method but GET", "refuses POST"),
      /^T2: test\/e2e\/5-shell-site\.test\.ts has no test "refuses every method but GET"$/,
    ],
    [
      "a test is skipped",
      ({ replace }) =>
        replace("test/e2e/5-shell-site.test.ts", 'it("takes no large body"', 'it.skip("takes no large body"'),
      /D1: test\/e2e\/5-shell-site\.test\.ts has no test "takes no large body"; .*leaves tests out by \.skip/,
    ],
    [
      "the tests are gone",
      ({ remove }) => remove("test/stacks/hardening.test.ts"),
      /E1 names test\/stacks\/hardening\.test\.ts, which is no file of tests/,
    ],
    [
      "a kind of threat is gone",
      ({ replace }) => ["R1", "R2", "R3"].forEach((id) => replace(MODEL, `| ${id} |`, "| r |")),
      /has no threat of repudiation/,
    ],
    ["a number is there twice", ({ replace }) => replace(MODEL, "| S2 |", "| S1 |"), /has S1 twice/],
  ])("does not hold where %s", async (_what, breakIt, fault) => {
    breakIt(clone);
    const { holds, detail } = await measure();
    expect([holds, detail]).toEqual([false, expect.stringMatching(fault)]);
  });

  it("can't be measured where it is gone", async () => {
    clone.remove(MODEL);
    await expect(async () => measure()).rejects.toThrow(/no such file/);
  });
});

it("an empty model lacks every kind of threat", () => {
  expect(threatsIn("# Model\n\n| # | Threat |\n|---|---|\n")).toEqual([]);
  expect(findModelFaults([])).toHaveLength(6);
});

describe("a file of tests", () => {
  it.each<[string, string, number]>([
    ["has it", 'it("opens", () => {});', 0],
    ["has it on a line of its own", 'test(\n    "opens",\n    () => {},\n  );', 0],
    ["only speaks of it", '// it opens\ndescribe("opens", () => {});', 1],
    ["has one that begins so", 'it("opens late", () => {});', 1],
    ["leaves others out", 'it("opens", () => {});\ndescribe.skip("x", () => {});', 1],
    ["runs it sometimes", 'it.runIf(process.env.CI)("opens", () => {});', 2],
  ])("that %s", (_what, source, faults) => {
    expect(findTitleFaults(source, "opens")).toHaveLength(faults);
  });
});
