import { describe, expect, it } from "vitest";

import type { Candidate } from "../../../engine/promotion/candidate.ts";
import { findObstacles, SERVES } from "../../../engine/promotion/obstacles.ts";
import { taskById } from "../../../gates/tasks.ts";

const commit = "a".repeat(40);
const good: Candidate = {
  ...{ from: "staging", to: "prod", branches: { from: "staging", to: "production" }, commit },
  ...{ edited: [], onBranch: true, tip: "b".repeat(40), follows: true, build: "green" },
  ...{ running: [], differing: [], held: undefined },
  tasks: SERVES.map((id) => ({ id, status: "GO", detail: "it serves" })),
};

describe("a commit", () => {
  it("that the stage before serves and proved is promoted, also for the first time", () => {
    expect(findObstacles(good)).toEqual([]);
    expect(findObstacles({ ...good, tip: undefined, build: "yellow" })).toEqual([]);
  });

  it.each<[string, Partial<Candidate>, string]>([
    ["that is edited", { edited: ["README.md"] }, "differs from commit aaaaaaaaaaaa: README.md. Commit it"],
    ["of which many files are edited", { edited: [..."abcdefg"] }, "a, b, c, d, e and 2 more"],
    ["on no branch", { onBranch: false }, "is not on branch staging, which stack staging serves"],
    [
      "beside what is served",
      { follows: false },
      "Branch production is at bbbbbbbbbbbb, which commit aaaaaaaaaaaa does not follow",
    ],
    ["without a build", { build: undefined }, "has no build. `npm run platform -- runbot build` makes one"],
    ["with a red build", { build: "red" }, "has a red build"],
    ["whose build is not done", { build: "running" }, "has a running build"],
    [
      "that the stage before does not serve",
      { running: [{ service: "odoo", runs: "odoo:1", wanted: "odoo:2" }] },
      "Service odoo of stack staging runs odoo:1, and commit aaaaaaaaaaaa has odoo:2. Run `npm run platform -- up --stack staging` first.",
    ],
    ["where nothing runs", { running: [{ service: "odoo", runs: undefined, wanted: "odoo:2" }] }, "runs not"],
    [
      "that would be other images",
      { differing: [{ image: "odoo", from: "odoo:1", to: "odoo:2" }] },
      "Image odoo would be odoo:2 in stack prod, and stack staging ran odoo:1",
    ],
    ["that is not served because it failed", { held: "a view" }, "Stack staging is held at older code: a view."],
    [
      "with a NO-GO of the database or the modules",
      { tasks: [...good.tasks, { id: "3.6", status: "NO-GO", detail: "a test fails" }] },
      "Task 3.6 is NO-GO in stack staging: a test fails",
    ],
    [
      "that nobody looked at",
      { tasks: good.tasks.map((task) => ({ ...task, status: task.id === "2.7" ? "PENDING" : "GO" })) },
      "Task 2.7 has no evidence in stack staging.",
    ],
  ])("%s is refused, with what mends it", (_what, changes, sentence) => {
    expect(findObstacles({ ...good, ...changes })).toEqual([expect.stringContaining(sentence)]);
  });

  it("is not held up by what nobody has measured besides", () => {
    expect(
      findObstacles({
        ...good,
        tasks: [
          ...good.tasks,
          { id: "7.3", status: "PENDING", detail: "" },
          { id: "4.4", status: "NO-GO", detail: "no web shell" },
        ],
      }),
    ).toEqual([]);
  });
});

describe("the tasks that say that a stack serves", () => {
  it.each(SERVES)("%s is measured", (id) => {
    expect(taskById(id)?.kind).toBe("probe");
  });
});
