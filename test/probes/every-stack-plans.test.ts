import { describe, expect, it } from "vitest";

import { everyStackPlans, findPreviewFaults } from "../../probes/every-stack-plans.ts";
import { STACKS } from "../harness/plans.ts";
import { contextWith } from "./fixtures.ts";

describe("a stack's plan", () => {
  it.each<[string, string[], string[], string[]]>([
    ["is the same in a preview", ["a", "b"], ["a", "b"], []],
    ["hides a resource from a preview", ["a"], ["a", "b"], ["dev: a preview does not show b"]],
    ["shows one that is never made", ["a", "b"], ["a"], ["dev: an update does not make b"]],
    ["is empty", [], [], ["dev registers nothing"]],
  ])("that %s", (_what, preview, update, faults) => {
    expect(findPreviewFaults("dev", preview, update)).toEqual(faults);
  });

  it("is made for every stack of this project", async () => {
    const { holds, measured, detail } = await everyStackPlans.measure(await contextWith());
    expect([holds, detail]).toEqual([
      true,
      expect.stringContaining("plan, and register in a preview what they register in an update"),
    ]);
    expect(Object.keys(measured as object)).toEqual(expect.arrayContaining([...STACKS]));
  });
});
