import { describe, expect, it } from "vitest";

import { withDone, withLesson } from "../../../gates/records/lessons.ts";
import { recordMarkdown } from "../../../gates/records/markdown.ts";
import { composeNext, type NextFacts } from "../../../gates/records/next.ts";
import { nextSchema, reviewSchema } from "../../../gates/records/record.ts";
import { composeReview, quarterBefore, quarterDays, quarterOf } from "../../../gates/records/review.ts";
import { TASKS } from "../../../gates/tasks.ts";
import { decide } from "../../../gates/verdict.ts";
import { evidenceOf, factsOf, NOW } from "../fixtures.ts";

const action = { what: "a second printer", owner: "Ann", due: "2026-04-01" };
const first = withLesson(undefined, "dev", { on: "2026-02-01", what: "a", why: "one", action }, NOW).record;
const more = withLesson(
  first,
  "dev",
  { on: "2026-02-01", what: "b", why: "two", action: { ...action, due: "2026-03-02" } },
  NOW,
);
const lessons = withDone(
  withLesson(more.record, "dev", { on: "2026-02-01", what: "c", why: "three", action }, NOW).record,
  "L3",
  { on: "2026-02-02", how: "done" },
  NOW,
);

function facts(): NextFacts {
  const gate = factsOf([
    evidenceOf("1.5", { ttlDays: 30, detail: "back in 90 s" }),
    evidenceOf("2.5", { holds: false, ttlDays: 200 }),
    evidenceOf("2.7", { ttlDays: 60 }),
    evidenceOf("2.6", { at: "2025-01-01T00:00:00.000Z" }),
  ]);
  const phases = decide(TASKS, gate, NOW);
  return {
    ...{ gate, phases, lessons },
    parity: { odoosh: 40.1, enterprise: 30.5 },
    exceptions: [
      { rule: "far", resource: "odoo", reason: "somebody answers for it", until: "2027-01-01" },
      { rule: "near", resource: "edge", reason: "somebody answers for it", until: "2026-04-01" },
    ],
    pins: [
      { name: "young", version: "1.0.0", days: 3 },
      { name: "old", version: "2.0.0", days: 400 },
    ],
    odoosh: { missing: [{ name: "an editor", area: "access", weight: 1, waits: [], reason: "no task measures it" }] },
    enterprise: {
      features: [
        { ee: "sign", feature: "Sign", weight: 1, tier: "gap", note: "use paper" },
        { ee: "helpdesk", feature: "Helpdesk", weight: 3, tier: "locked", note: "" },
        { ee: "fleet", feature: "Fleet", weight: 2, tier: "tested", note: "" },
      ],
    },
  };
}

describe("a quarter", () => {
  it("has a first and a last day", () => {
    expect(quarterDays("2026-Q1")).toEqual({ from: "2026-01-01", to: "2026-03-31" });
    expect(quarterDays("2024-Q4")).toEqual({ from: "2024-10-01", to: "2024-12-31" });
    expect(quarterOf(NOW)).toBe("2026-Q1");
    expect(quarterOf(new Date("2026-12-31T23:59:59Z"))).toBe("2026-Q4");
    expect(quarterBefore(NOW)).toBe("2025-Q4");
    expect(quarterBefore(new Date("2026-10-01T00:00:00Z"))).toBe("2026-Q3");
    expect(() => quarterDays("2026-5")).toThrow("a quarter is written as 2026-Q4; got 2026-5");
  });
});

describe("a review", () => {
  const review = composeReview(facts(), "2026-Q1", NOW);

  it("says what holds, what came back, what ends, what is promised and what nobody touched", () => {
    expect(reviewSchema.parse(review)).toEqual(review);
    expect(review.phases).toHaveLength(8);
    expect(review.phases[2]).toMatchObject({ verdict: "NO-GO" });
    expect(review.phases[2]?.open).toContainEqual(expect.objectContaining({ id: "2.5", status: "NO-GO" }));
    expect(review.recovery).toEqual([
      { task: "1.5", at: "2026-03-01T10:00:00.000Z", holds: true, detail: "back in 90 s" },
    ]);
    expect(review.expiring).toEqual([
      { task: "1.5", until: "2026-03-31" },
      { task: "2.7", until: "2026-04-30" },
    ]);
    expect(review.actions.map(({ id, due }) => [id, due])).toEqual([
      ["L2", "2026-03-02"],
      ["L1", "2026-04-01"],
    ]);
    expect(review.pins.map(({ name }) => name)).toEqual(["old", "young"]);
  });

  it("is a page", () => {
    const page = recordMarkdown(review);
    expect(page).toMatch(/^# Review of stack dev, 2026-01-01 to 2026-03-31\n/);
    expect(page).toContain("40.1 % of Odoo.sh and 30.5 % of Odoo Enterprise");
    expect(page).toContain("| near | edge | 2026-04-01 | somebody answers for it |");
    const none = recordMarkdown({ ...review, exceptions: [] });
    expect(none).toContain("## Accepted until\n\nNone.\n");
  });
});

describe("the plan of the next iteration", () => {
  const { items } = nextSchema.parse(composeNext(facts(), NOW));
  const idsOf = (from: string) => items.filter((item) => item.from === from).map(({ id }) => id);

  it("has everything that isn't as it should be, once, and the gates' own rows not", () => {
    expect(items[0]).toMatchObject({ from: "task", id: "2.5", why: expect.stringContaining("NO-GO: ") as string });
    expect(idsOf("lesson")).toEqual(["L2", "L1"]);
    expect(idsOf("exception")).toEqual(["near"]);
    expect(idsOf("evidence")).toEqual(["1.5", "2.7"]);
    expect(idsOf("odoosh")).toEqual(["an editor"]);
    expect(idsOf("enterprise")).toEqual(["helpdesk", "sign"]);
    expect(idsOf("task")).toContain("2.9");
    expect(idsOf("task")).not.toContain("1.5");
    expect(idsOf("task")).not.toContain("2.4");
    expect(new Set(items.map(({ from, id }) => `${from} ${id}`)).size).toBe(items.length);
  });

  it("names an owner and a reason for each", () => {
    expect(items.find(({ id }) => id === "L2")).toMatchObject({ owner: "Ann", why: "two", until: "2026-03-02" });
    expect(items.find(({ id }) => id === "2.7")).toMatchObject({ owner: "DevOps", until: "2026-04-30" });
    expect(items.find(({ id }) => id === "helpdesk")?.why).toBe("it is locked, and not seen installed");
    expect(items.find(({ id }) => id === "sign")?.why).toBe("use paper");
    expect(recordMarkdown(composeNext(facts(), NOW))).toContain(
      "| lesson | L2 | a second printer | two | Ann | 2026-03-02 |",
    );
  });
});
