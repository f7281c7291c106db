import { describe, expect, it } from "vitest";

import type { SystemSettings } from "../../gates/facts.ts";
import type { PlanTask } from "../../gates/task.ts";
import { taskById, taskFiles, TASKS } from "../../gates/tasks.ts";
import { PHASES } from "../../plan/phase.ts";
import { devSettings } from "./fixtures.ts";

const all = TASKS.flat();

/** Every row of the plan, once: adding or dropping one is a visible change. */
const IDS = [
  ["0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "0.10", "0.11"],
  ["1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8", "1.9", "1.10", "1.11", "1.12"],
  ["2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9", "2.10", "2.11", "2.12", "2.13"],
  ["3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7"],
  ["4.1", "4.2", "4.3", "4.4", "4.5", "4.6", "4.7"],
  ["5.1", "5.2", "5.3", "5.4", "5.5"],
  ["6.1", "6.2", "6.3", "6.4", "6.5"],
  ["7.1", "7.2", "7.3", "7.4"],
];

describe("the plan's tasks", () => {
  it("have the ids that runbooks and evidence refer to", () => {
    expect(TASKS.map((tasks) => tasks.map(({ id }) => id))).toEqual(IDS);
  });

  it("are of as many phases as are named", () => {
    expect(TASKS).toHaveLength(PHASES.length);
  });

  it("say what holds and what harm it prevents", () => {
    for (const { id, title, must, because } of all) {
      expect([id, title.length > 2, must.length > 10, because.length > 3]).toEqual([id, true, true, true]);
      expect(must, id).not.toMatch(/\.$/);
    }
  });

  it("are found by id", () => {
    expect(taskById("2.8")?.title).toBe("Create DB roles");
    expect(taskById("2.99")).toBeUndefined();
  });

  it("name their files once, sorted", () => {
    expect(taskFiles()).toEqual([...new Set(taskFiles())].sort());
    expect(taskFiles()).toContain("docker/Dockerfile.ce19");
  });
});

/** For each check of settings: settings that break it, and the fault that it must name. */
const BREAKS: { readonly [id: string]: readonly [(settings: SystemSettings) => SystemSettings, RegExp] } = {
  "2.13": [
    (settings) => ({ ...settings, postgres: { ...settings.postgres, maxConnections: 20 } }),
    /^postgres\.maxConnections is 20; set \d+ or more$/,
  ],
};

describe("every check of settings", () => {
  const checks = all.filter((task): task is PlanTask => "findFault" in task);

  it("is broken once below", () => {
    expect(Object.keys(BREAKS)).toEqual(checks.map(({ id }) => id));
  });

  it.each(checks.map((task) => [task.id, task] as const))(
    "%s holds for dev, and finds what breaks it",
    async (id, task) => {
      const settings = await devSettings();
      expect(task.findFault(settings)).toBeUndefined();
      const [breakIt, fault] = BREAKS[id] ?? [(same: SystemSettings) => same, /./];
      expect(task.findFault(breakIt(settings))).toMatch(fault);
    },
  );
});
