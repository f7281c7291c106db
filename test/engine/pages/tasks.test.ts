import { describe, expect, test } from "vitest";

import { renderTasks, tasksLead } from "../../../engine/pages/tasks.ts";
import { taskById } from "../../../gates/tasks.ts";
import { evidenceOf, factsOf } from "../../gates/fixtures.ts";

const settings = {
  postgres: { maxConnections: 1 },
} as Parameters<typeof factsOf>[1] extends { settings?: infer S } ? S : never;

function rowOf(page: string, id: string): string[] {
  const line = page.split("\n").find((text) => text.startsWith(`| ${id} |`)) ?? "";
  return line.split(" | ").map((cell) => cell.replace(/^\| |\s*\|$/g, ""));
}

describe("tasks.md", () => {
  test("has the statuses that the gates compute, with links to evidence and to what the plan names", () => {
    const page = renderTasks(
      factsOf([evidenceOf("2.5"), evidenceOf("2.2", { holds: false, detail: "it lacks A|B" })], { settings }),
      [".env.example"],
    );
    expect(rowOf(page, "2.5").slice(4)).toEqual([
      "GO",
      "2.5 was seen",
      "[evidence/dev/2.5.json](../../evidence/dev/2.5.json)",
    ]);
    expect(rowOf(page, "2.2").slice(3, 6)).toEqual(["[.env.example](../../.env.example)", "NO-GO", "it lacks A\\|B"]);
    expect(rowOf(page, "2.1").slice(3, 6)).toEqual([
      "`docs/DB_INIT_RUNBOOK.md` (not there yet)",
      "PENDING",
      "no evidence yet",
    ]);
    expect(page).toMatch(/^\| 2 \| Database Initialization \| NO-GO \| 1\/13 \|$/m);
    expect(page.startsWith(tasksLead("dev"))).toBe(true);
  });

  test("is judged at the time of the newest piece: the same a day later, and older pieces may have ended", () => {
    const facts = factsOf([evidenceOf("2.5"), evidenceOf("2.6", { at: "2026-04-01T00:00:00.000Z" })], { settings });
    const page = renderTasks(facts, []);
    expect(rowOf(page, "2.6")[4]).toBe("GO");
    expect(rowOf(page, "2.5").slice(4, 6)).toEqual(["NO-GO", expect.stringContaining("counted until 2026-03-08")]);
  });

  test("does not change when what holds is measured again", () => {
    const at = (time: string) => renderTasks(factsOf([evidenceOf("2.5", { at: time })], { settings }), []);
    expect(at("2026-03-02T10:00:00.000Z")).toBe(at("2026-03-01T10:00:00.000Z"));
  });

  test("has every task of the plan, once", () => {
    const ids = renderTasks(factsOf([], { settings }), [])
      .match(/^\| \d\.\d+ /gm)
      ?.map((id) => id.slice(2).trim());
    expect(new Set(ids).size).toBe(ids?.length);
    expect(ids?.every((id) => taskById(id) !== undefined)).toBe(true);
    expect(ids).toHaveLength(64);
  });
});
