import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ODOOSH_FEATURES, type OdooshFeature } from "../../gates/odoosh-features.ts";
import { odooshParity } from "../../gates/odoosh-parity.ts";
import { taskById } from "../../gates/tasks.ts";
import type { TaskStatus } from "../../plan/phase.ts";

type Phases = Parameters<typeof odooshParity>[0];

/** One phase with these tasks. */
function verdicts(statuses: { readonly [task: string]: TaskStatus }): Phases {
  const tasks = Object.entries(statuses).map(([id, status]) => ({
    ...{ id, status, title: "", owner: "", detail: "" },
    kind: "probe" as const,
  }));
  return [{ tasks }];
}

const FEATURES: readonly OdooshFeature[] = [
  { name: "backups", area: "backups", weight: 3, tasks: ["1.4", "1.5"] },
  { name: "shell", area: "access", weight: 2, tasks: ["4.4"] },
  { name: "editor", area: "access", weight: 1, tasks: [], without: "use the Git host's" },
];

describe("the score", () => {
  it("is the weight of what is proved, with what is missing, the heaviest first", () => {
    expect(odooshParity(verdicts({ "1.4": "GO", "1.5": "NO-GO", "4.4": "GO" }), FEATURES)).toEqual({
      percent: 33.3,
      features: { there: 1, total: 3 },
      weight: { there: 2, total: 6 },
      missing: [
        {
          ...{ name: "backups", area: "backups", weight: 3, reason: "waits for 1.5 (NO-GO)" },
          waits: [{ task: "1.5", status: "NO-GO" }],
        },
        { name: "editor", area: "access", weight: 1, waits: [], reason: "use the Git host's" },
      ],
    });
  });

  it.each<[string, Phases, number]>([
    ["all that is measured", verdicts({ "1.4": "GO", "1.5": "GO", "4.4": "GO" }), 83.3],
    ["what is pending", verdicts({ "1.4": "GO", "1.5": "PENDING", "4.4": "GO" }), 33.3],
    ["tasks that nobody decided", verdicts({ "1.4": "GO", "4.4": "GO" }), 33.3],
    ["nothing", [], 0],
  ])("of %s", (_what, phases, percent) => {
    expect(odooshParity(phases, FEATURES).percent).toBe(percent);
  });

  it("of no features is nothing", () => {
    expect(odooshParity([], []).percent).toBe(0);
  });

  it("is never rounded up to what was not reached", () => {
    const features = Array.from({ length: 2001 }, (_, index) => ({
      ...{ name: String(index), area: "builds" as const, weight: 1 as const },
      tasks: [index < 1900 ? "1.4" : "1.5"] as const,
    }));
    expect(odooshParity(verdicts({ "1.4": "GO" }), features).percent).toBe(94.9);
  });

  it("never rises when a task is lost", () => {
    const ids = [...new Set(ODOOSH_FEATURES.flatMap(({ tasks }) => tasks))];
    const { counterexample } = fc.check(
      fc.property(fc.subarray(ids), fc.constantFrom(...ids), (go, lost) => {
        const statuses = (list: readonly string[]) =>
          verdicts(Object.fromEntries(list.map((id) => [id, "GO" as const])));
        const before = odooshParity(statuses(go)).percent;
        const after = odooshParity(statuses(go.filter((id) => id !== lost))).percent;
        return after <= before;
      }),
    );
    expect(counterexample).toBeNull();
  });
});

describe("the features of Odoo.sh", () => {
  it("are enough to tell, each once, each with tasks that there are or a word on why not", () => {
    expect(ODOOSH_FEATURES.length).toBeGreaterThanOrEqual(30);
    expect(new Set(ODOOSH_FEATURES.map(({ name }) => name)).size).toBe(ODOOSH_FEATURES.length);
    for (const { name, tasks, without } of ODOOSH_FEATURES) {
      expect([name, tasks.filter((id) => taskById(id) === undefined)]).toEqual([name, []]);
      expect([name, tasks.length > 0 || without !== undefined]).toEqual([name, true]);
    }
  });

  it("that no task measures weigh little: the target of 95 % can be reached", () => {
    const ids = ODOOSH_FEATURES.flatMap(({ tasks }) => tasks);
    const all = odooshParity(verdicts(Object.fromEntries(ids.map((id) => [id, "GO" as const]))));
    expect(all.percent).toBeGreaterThanOrEqual(95);
    expect(all.missing.map(({ name }) => name)).toEqual([
      "an editor in the browser",
      "the upgrade to the next major version is rehearsed",
    ]);
  });
});
