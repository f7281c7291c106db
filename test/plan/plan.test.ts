import { describe, expect, test } from "vitest";

import {
  isSecret,
  type Plan,
  type PlannedResource,
  type PlanValue,
  resourceAt,
  resourcesOf,
  reveal,
  TYPES,
} from "../../plan/plan.ts";
import { planOf } from "../harness/plans.ts";

const resource = (type: string, name: string): PlannedResource => ({
  urn: `urn:pulumi:dev::shop::${type}::${name}`,
  type,
  name,
  custom: true,
  protect: false,
  retainOnDelete: false,
  dependencies: [],
  inputs: {},
});
const [first, second, image] = [resource(TYPES.volume, "a"), resource(TYPES.volume, "b"), resource(TYPES.image, "a")];
const PLAN: Plan = { project: "shop", stack: "dev", resources: [first, image, second], outputs: {} };

describe("finding resources", () => {
  test("by type, in the plan's order", () => {
    expect(resourcesOf(PLAN, TYPES.volume)).toEqual([first, second]);
    expect(resourcesOf(PLAN, TYPES.network)).toEqual([]);
  });

  test("by URN", () => {
    expect(resourceAt(PLAN, image.urn)).toBe(image);
    expect(() => resourceAt(PLAN, "urn:gone")).toThrow("the plan of dev has no resource urn:gone");
  });

  // A token with a typing error finds nothing, and whoever asks for it takes that for "there are none".
  test.each(Object.entries(TYPES))("the type token of %s is one that the program registers", async (_name, type) => {
    const plans = [await planOf("dev"), await planOf("prod")];
    expect(plans.flatMap((plan) => resourcesOf(plan, type))).not.toEqual([]);
  });
});

describe("secret values", () => {
  test.each<[PlanValue | undefined, boolean, PlanValue | undefined]>([
    [{ secret: "secret://key" }, true, "secret://key"],
    [{ secret: null }, true, null],
    ["secret://key", false, "secret://key"],
    [{ unknown: true }, false, { unknown: true }],
    [["secret"], false, ["secret"]],
    [null, false, null],
    [undefined, false, undefined],
  ])("%j", (value, secret, revealed) => {
    expect([isSecret(value), reveal(value)]).toEqual([secret, revealed]);
  });
});
