import { symlinkSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { ODOOSH_FEATURES, type OdooshFeature } from "../../gates/odoosh-features.ts";
import { findFeatureFaults, findScoreFaults, parityScript } from "../../probes/parity-script.ts";
import { type Clone, makeClone } from "../harness/clone.ts";
import { ROOT } from "../harness/plans.ts";
import { contextWith } from "./fixtures.ts";

describe("the script", () => {
  let clone: Clone;
  beforeEach(() => {
    clone = makeClone();
    symlinkSync(join(ROOT, "node_modules"), join(clone.root, "node_modules"));
  });
  afterEach(() => clone.discard());

  const measure = async () => parityScript.measure(await contextWith({ root: clone.root }));

  it("of this project holds", async () => {
    const { holds, detail } = await measure();
    expect([holds, detail]).toEqual([
      true,
      expect.stringMatching(/^\d+ features; 9\d(\.\d)? % when all tasks are GO, /),
    ]);
  });

  it.each<[string, (clone: Clone) => void, RegExp]>([
    [
      "whose score is a constant",
      ({ replace }) => replace("scripts/check_odoosh_parity.ts", "score.percent >=", "100 >="),
      /with exit code 0 where \d\.\d+ is NO-GO/,
    ],
    [
      "that counts what is pending",
      ({ replace }) => replace("gates/odoosh-parity.ts", 'status !== "GO"', "false"),
      /says 97\.\d % .* is NO-GO/,
    ],
    [
      "that takes anything for verdicts",
      ({ replace }) =>
        replace(
          "scripts/check_odoosh_parity.ts",
          "if (!parsed.success)",
          'if (!parsed.success) return { stack: "none", phases: [] };\n  if (!parsed.success)',
        ),
      /says 0 % with exit code 1 where there are no verdicts/,
    ],
    ["that is gone", ({ remove }) => remove("scripts/check_odoosh_parity.ts"), /says no % with exit code 1/],
  ])("%s does not hold", async (_what, breakIt, fault) => {
    breakIt(clone);
    const { holds, detail } = await measure();
    expect([holds, detail]).toEqual([false, expect.stringMatching(fault)]);
  });
});

describe("features", () => {
  const [first] = ODOOSH_FEATURES as readonly [OdooshFeature];
  it.each<[string, readonly OdooshFeature[], string]>([
    ["too few", ODOOSH_FEATURES.slice(0, 29), "29 features; 30 or more are wanted"],
    ["one twice", [...ODOOSH_FEATURES, first], `"${first.name}" is listed twice`],
    [
      "one of a task that is gone",
      [...ODOOSH_FEATURES, { ...first, name: "x", tasks: ["9.9"] }],
      "no phase has task 9.9",
    ],
    [
      "one without a task or a word",
      [...ODOOSH_FEATURES, { ...first, name: "x", tasks: [] }],
      '"x" has no task, and no word on what to use instead',
    ],
  ])("%s", (_what, features, fault) => {
    expect(findFeatureFaults(features)).toContain(fault);
  });

  it("of this project have no fault", () => {
    expect(findFeatureFaults(ODOOSH_FEATURES)).toEqual([]);
  });
});

it("runs that follow the verdicts have no fault", () => {
  const runs = {
    full: { exitCode: 0, percent: 98 },
    fallen: { exitCode: 1, percent: 90 },
    none: { exitCode: 1, percent: undefined },
  };
  expect(findScoreFaults(98, "4.1", runs)).toEqual([]);
  expect(findScoreFaults(98, "4.1", { ...runs, fallen: runs.full })).toEqual([
    "scripts/check_odoosh_parity.ts says 98 % with exit code 0 where 4.1 is NO-GO, and 98 % were asked for",
  ]);
  expect(findScoreFaults(98, "4.1", { ...runs, none: runs.full }).join()).toMatch(/where there are no verdicts$/);
});
