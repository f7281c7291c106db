import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { gateFacts } from "../../gates/json.ts";
import { canonicalJson, digestOf, planDigest } from "../../plan/digest.ts";
import { type Plan, type PlannedResource, TYPES } from "../../plan/plan.ts";
import { planOf } from "../harness/plans.ts";

describe("canonical JSON", () => {
  test("sorts keys at every depth, and leaves lists in their order", () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }, "x"], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1},"x"]}');
  });

  test("is the same whatever the order in which keys were set", () => {
    const { counterexample } = fc.check(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
        const reversed = Object.fromEntries(Object.entries(record).reverse());
        return canonicalJson(record) === canonicalJson(reversed);
      }),
    );
    expect(counterexample).toBeNull();
  });

  test("says what JSON says", () => {
    const { counterexample } = fc.check(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(counterexample).toBeNull();
  });
});

test("a digest is SHA-256 in hexadecimal", () => {
  // printf '{"a":1}' | sha256sum
  expect(digestOf({ a: 1 })).toBe("015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862");
});

describe("the digest of a plan", () => {
  const RESOURCE: PlannedResource = {
    urn: "urn:pulumi:dev::shop::docker:index/volume:Volume::data",
    type: TYPES.volume,
    name: "data",
    custom: true,
    protect: false,
    retainOnDelete: false,
    dependencies: [],
    inputs: { name: "shop-data" },
  };
  const PLAN: Plan = { project: "shop", stack: "dev", resources: [RESOURCE], outputs: { url: "https://a" } };
  const withResource = (change: Partial<PlannedResource>): Plan => ({
    ...PLAN,
    resources: [{ ...RESOURCE, ...change }],
  });

  test.each<[string, Plan]>([
    ["an input", withResource({ inputs: { name: "other" } })],
    ["protection", withResource({ protect: true })],
    ["what is left behind", withResource({ retainOnDelete: true })],
    ["order", withResource({ dependencies: ["urn:x"] })],
    ["a resource more", { ...PLAN, resources: [RESOURCE, { ...RESOURCE, urn: "urn:y" }] }],
    ["a resource less", { ...PLAN, resources: [] }],
  ])("changes with %s", (_what, plan) => {
    expect(planDigest(plan)).not.toBe(planDigest(PLAN));
  });

  // Counted, they would make evidence stale by being written: it names this digest.
  test.each<[string, Plan]>([
    ["outputs", { ...PLAN, outputs: {} }],
    ["phases", { ...PLAN, resources: [RESOURCE, { ...RESOURCE, urn: "urn:z", type: TYPES.phase }] }],
    ["the stack itself", { ...PLAN, resources: [RESOURCE, { ...RESOURCE, urn: "urn:z", type: TYPES.stack }] }],
  ])("doesn't change with %s", (_what, plan) => {
    expect(planDigest(plan)).toBe(planDigest(PLAN));
  });

  test("is the same on a host with a CA of its own, for verdicts too: its evidence counts elsewhere", async () => {
    const plain = await planOf("dev", { machine: { imageSource: "registry" } });
    const behindProxy = await planOf("dev", { machine: { imageSource: "registry", buildBase: "shop/build-base:1" } });
    expect(JSON.stringify(behindProxy.resources)).toContain("shop/build-base:1");
    expect(planDigest(behindProxy)).toBe(planDigest(plain));
    expect(gateFacts(behindProxy).planDigest).toBe(gateFacts(plain).planDigest);
  });

  test("is another where images come from elsewhere", async () => {
    const debian = await planOf("dev", { machine: { imageSource: "debian" } });
    expect(gateFacts(debian).planDigest).not.toBe(gateFacts(await planOf("dev")).planDigest);
    expect(planDigest(debian)).not.toBe(planDigest(await planOf("dev")));
  });

  test("of a real stack is the same at another evaluation, and another for another stack", async () => {
    const dev = planDigest(await planOf("dev"));
    expect(planDigest(await planOf("dev", { files: { "README.md": "0" }, evidence: [] }))).toBe(dev);
    expect(planDigest(await planOf("staging"))).not.toBe(dev);
  });
});
