import { describe, expect, it } from "vitest";

import { type EeFeature, eeParity, modulesIn, type ParityFacts, tierOf } from "../../../gates/addons/ee-parity.ts";
import type { Evidence } from "../../../gates/evidence.ts";
import { lockOf, pypiAddon } from "./fixtures.ts";

const facts = (changes: Partial<ParityFacts> = {}): ParityFacts => ({
  lock: lockOf({ sign_oca: pypiAddon("sign_oca"), dms: pypiAddon("dms") }),
  provided: { modules: ["mrp"], python: [] },
  installed: new Set(),
  tested: new Set(),
  go: new Set(),
  ...changes,
});
const oca = (modules: string[], changes: object = {}): EeFeature => ({
  strategy: "oca",
  ee: "sign",
  feature: "Signatures",
  weight: 3,
  modules,
  ...changes,
});

describe("the tier of a feature", () => {
  it.each<[string, EeFeature, Partial<ParityFacts>, string]>([
    ["a gap", { strategy: "gap", ee: "social", feature: "Social", weight: 1, lacks: "nothing" }, {}, "gap"],
    ["an unknown module", oca(["absent"]), { installed: new Set(["absent"]) }, "mapped"],
    ["a locked module", oca(["sign_oca"]), {}, "locked"],
    ["a module of Odoo", { ...oca(["mrp"]), strategy: "ce" } as EeFeature, {}, "locked"],
    ["one of two installed", oca(["sign_oca", "dms"]), { installed: new Set(["dms"]) }, "locked"],
    ["installed", oca(["sign_oca"]), { installed: new Set(["sign_oca"]) }, "installs"],
    ["tested but never installed", oca(["sign_oca"]), { tested: new Set(["sign_oca"]) }, "locked"],
    [
      "installed and tested",
      oca(["sign_oca"]),
      { installed: new Set(["sign_oca"]), tested: new Set(["sign_oca"]) },
      "tested",
    ],
    [
      "installed, and of no use",
      oca(["sign_oca"], { broken: "no page renders" }),
      { installed: new Set(["sign_oca"]) },
      "locked",
    ],
    [
      "a service that is not proved",
      { strategy: "service", ee: "ai", feature: "Assistants", weight: 1, service: ["5.2"] },
      {},
      "mapped",
    ],
    [
      "a service that is",
      { strategy: "service", ee: "ai", feature: "Assistants", weight: 1, service: ["5.2"] },
      { go: new Set(["5.2"]) },
      "tested",
    ],
  ])("%s", (_what, feature, changes, tier) => {
    expect(tierOf(feature, facts(changes))).toBe(tier);
  });
});

describe("the score", () => {
  const features = [oca(["sign_oca"]), { ...oca(["dms"]), weight: 1 }];
  it("is the weight of what is proved to install", () => {
    expect(eeParity(features, facts()).percent).toBe(0);
    expect(eeParity(features, facts({ installed: new Set(["sign_oca"]) }))).toMatchObject({
      percent: 75,
      weight: { there: 3, total: 4 },
    });
  });

  it("takes modules from evidence that holds alone", () => {
    const piece = (holds: boolean) =>
      ({ task: "3.2", holds, measured: { installed: ["dms", 7] } }) as unknown as Evidence;
    expect([...modulesIn([piece(true)], "3.2", "installed")]).toEqual(["dms"]);
    expect([...modulesIn([piece(false)], "3.2", "installed")]).toEqual([]);
    expect([...modulesIn([piece(true)], "3.6", "installed")]).toEqual([]);
  });
});
