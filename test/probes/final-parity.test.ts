import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { MAPPING_FILE } from "../../gates/addons/ee-parity.ts";
import { ODOOSH_FEATURES } from "../../gates/odoosh-features.ts";
import { beforeLaunch } from "../../gates/odoosh-parity.ts";
import { finalParity, judgeParity } from "../../probes/final-parity.ts";
import { type Clone, makeClone } from "../harness/clone.ts";
import { contextWith } from "./fixtures.ts";

const missing = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    ...{ name: `feature ${index + 1}`, area: "builds" as const, weight: 3, waits: [] },
    reason: "waits for 4.1 (PENDING)",
  }));

describe("final parity", () => {
  it("holds where both scores just reach their targets", () => {
    expect(
      judgeParity({ odoosh: { percent: 95, missing: missing(1) }, enterprise: { percent: 50 }, target: 50 }),
    ).toMatchObject({
      holds: true,
      detail: "95 % of Odoo.sh and 50 % of Enterprise are proved, by weight",
      measured: { missing: ["feature 1"] },
    });
  });

  it.each([
    [94.9, 50, "94.9 % of Odoo.sh is proved, and 95 % is wanted; missing: feature 1 (waits for 4.1 (PENDING))"],
    [95, 49.9, "49.9 % of Enterprise is proved, and 50 % is wanted"],
  ])("doesn't with %d % of Odoo.sh and %d % of Enterprise", (odoosh, enterprise, detail) => {
    expect(
      judgeParity({
        odoosh: { percent: odoosh, missing: missing(1) },
        enterprise: { percent: enterprise },
        target: 50,
      }),
    ).toMatchObject({ holds: false, detail });
  });

  it("names what is missing of the most weight, and counts the rest", () => {
    const { detail } = judgeParity({
      odoosh: { percent: 0, missing: missing(7) },
      enterprise: { percent: 50 },
      target: 50,
    });
    expect(detail).toMatch(/feature 5 \(waits for 4\.1 \(PENDING\)\) and 2 more$/);
  });

  it("leaves out what only the launch can prove, and what no task proves stays missing", () => {
    const left = beforeLaunch().map(({ name }) => name);
    const out = ODOOSH_FEATURES.filter(({ name }) => !left.includes(name));
    expect(out.length).toBeGreaterThan(0);
    expect(out.every(({ tasks }) => tasks.some((task) => /^[67]\./.test(task)))).toBe(true);
    expect(left).toContain("an editor in the browser");
  });
});

describe("the probe", () => {
  let clone: Clone;
  beforeEach(() => {
    clone = makeClone();
  });
  afterEach(() => clone.discard());

  it("finds nothing proved where there is no evidence", async () => {
    expect(await finalParity.measure(await contextWith({ root: clone.root }))).toMatchObject({
      holds: false,
      measured: { odoosh: 0, enterprise: 0 },
      limit: { odoosh: 95, enterprise: 50 },
    });
  });

  it("says so where the target is none", async () => {
    clone.replace(MAPPING_FILE, "target: 50", "target: most");
    const { holds, detail } = await finalParity.measure(await contextWith({ root: clone.root }));
    expect([holds, detail]).toEqual([false, expect.stringMatching(/^target: /)]);
  });
});
