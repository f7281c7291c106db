import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { MAPPING_FILE } from "../../gates/addons/ee-parity.ts";
import { eeMapping } from "../../probes/ee-mapping.ts";
import { type Clone, makeClone } from "../harness/clone.ts";
import { contextWith } from "./fixtures.ts";

describe("the mapping of Enterprise", () => {
  let clone: Clone;
  beforeEach(() => {
    clone = makeClone();
  });
  afterEach(() => clone.discard());
  const measure = async () => eeMapping.measure(await contextWith({ root: clone.root }));

  it("holds, and claims nothing without evidence", async () => {
    const { holds, detail, measured } = await measure();
    expect([holds, detail]).toEqual([true, expect.stringMatching(/^\d\d features of Enterprise: 0 % by weight/)]);
    expect(measured).toMatchObject({ percent: 0, tiers: { installs: 0, tested: 0 } });
  });

  const swap = (old: string, replacement: string) => () => clone.replace(MAPPING_FILE, old, replacement);
  it.each<[string, () => void, RegExp]>([
    ["is gone", () => clone.remove(MAPPING_FILE), /^ee_parity_mapping\.yml can't be read/],
    ["names a module that nobody wrote", swap("[sign_oca]", "[calendar_slot]"), /^sign: calendar_slot is not locked$/],
    [
      "calls something Odoo's that isn't",
      swap("[account_peppol]", "[sign_oca]"),
      /^account_edi_peppol: sign_oca is not a module of Odoo CE$/,
    ],
    ["names a task that isn't there", swap('["5.1"]', '["9.1"]'), /^web_cohort: no phase has task 9\.1$/],
    ["declares a tier", swap("modules: [sign_oca],", "modules: [sign_oca], tier: tested,"), /tier: is not a setting/],
    ["has a gap without a word on it", swap(", lacks: survey of CE", ""), /lacks: is missing/],
    ["has a feature twice", swap("ee: sign,", "ee: knowledge,"), /^knowledge is there twice$/],
    [
      "has too few features",
      () => clone.write(MAPPING_FILE, "target: 50\nfeatures: []\n"),
      /^0 features; 55 or more are wanted$/,
    ],
  ])("does not hold where it %s", async (_what, breakIt, fault) => {
    breakIt();
    const { holds, detail } = await measure();
    expect([holds, detail]).toEqual([false, expect.stringMatching(fault)]);
  });
});
