import { describe, expect, it } from "vitest";

import type { Evidence } from "../../gates/evidence.ts";
import type { GateFacts } from "../../gates/facts.ts";
import { TASKS, taskFiles } from "../../gates/tasks.ts";
import { decide } from "../../gates/verdict.ts";
import type { PhaseVerdict } from "../../plan/phase.ts";
import { makeSigner } from "../harness/signer.ts";
import { devSettings, evidenceOf, factsOf, NOW, PLAN_DIGEST, probeTask } from "./fixtures.ts";

describe("the whole plan", () => {
  it("says the same for the same facts and time, and puts no clock into what it says", async () => {
    const facts = factsOf([evidenceOf("2.5")], { settings: await devSettings(), planDigest: PLAN_DIGEST });
    const first = decide(TASKS, facts, NOW);
    expect(decide(TASKS, facts, new Date(NOW.getTime() + 60_000))).toEqual(first);
    expect(JSON.stringify(first)).not.toContain(NOW.toISOString());
  });

  it("refuses two tasks of one id, and one in another's phase", () => {
    expect(() => decide([[], [probeTask("0.1")]], factsOf([]), NOW)).toThrow(
      "task 0.1 is in phase 1; an id begins with its phase",
    );
    expect(() => decide([[probeTask("0.1")], [probeTask("0.1")]], factsOf([]), NOW)).toThrow(
      "task 0.1 is defined twice; ids are permanent and unique",
    );
  });

  it("is NO-GO nowhere and GO for the settings alone, before any evidence", async () => {
    const phases = decide(TASKS, factsOf([], { settings: await devSettings() }), NOW);
    const statuses = phases.flatMap(({ tasks }) => tasks).filter(({ status }) => status !== "PENDING");
    expect(statuses.map(({ id, status }) => `${id} ${status}`)).toEqual(["2.13 GO"]);
  });

  it("marks later phases PENDING, never green", async () => {
    const phases = decide(TASKS, factsOf([], { settings: await devSettings() }), NOW);
    expect(phases.slice(3).map(({ verdict, passed }) => `${verdict} ${passed}`)).toEqual(Array(5).fill("PENDING 0"));
  });
});

describe("every task of phases 0 to 2 that evidence decides", () => {
  const phases = TASKS.slice(0, 3);
  const decided = phases.flat().filter(({ kind }) => kind === "artefact" || kind === "probe");
  const files = Object.fromEntries(taskFiles().map((path) => [path, "1"]));
  const stranger = makeSigner("stranger");

  /** Facts in which all of them hold, but for changes of one's evidence. */
  async function factsWith(id?: string, change: (good: Evidence) => Evidence = (good) => good): Promise<GateFacts> {
    const evidence = decided.map((task) => {
      const own = Object.fromEntries(("files" in task ? (task.files ?? []) : []).map((path) => [path, "1"]));
      const good = evidenceOf(task.id, { files: own });
      return task.id === id ? change(good) : good;
    });
    return factsOf(evidence, { settings: await devSettings(), files });
  }
  const notGo = (verdicts: readonly PhaseVerdict[]) =>
    verdicts.flatMap(({ tasks }) =>
      tasks.filter(({ status }) => status !== "GO").map(({ id, status }) => `${id} ${status}`),
    );

  it("holds, and with them the phases, of at least the master plan's size", async () => {
    const verdicts = decide(TASKS, await factsWith(), NOW).slice(0, 3);
    expect(verdicts.map(({ verdict, passed, total }) => [verdict, passed === total])).toEqual(
      Array(3).fill(["GO", true]),
    );
    for (const [phase, least] of [11, 9, 7].entries()) expect(verdicts[phase]?.total).toBeGreaterThanOrEqual(least);
  });

  const BREAKS: readonly [string, (good: Evidence) => Evidence][] = [
    ["falls short", ({ task, files }) => evidenceOf(task, { files, holds: false })],
    ["is edited by hand", (good) => ({ ...good, detail: "all is well" })],
    ["is not signed", (good) => ({ ...good, seal: undefined })],
    ["is signed by a stranger", ({ task, files }) => evidenceOf(task, { files }, stranger)],
    ["is from the future", ({ task, files }) => evidenceOf(task, { files, at: "2026-03-02T00:00:00.000Z" })],
    ["is too old", ({ task, files }) => evidenceOf(task, { files, at: "2026-01-01T00:00:00.000Z" })],
    ["is of another stack", ({ task, files }) => evidenceOf(task, { files, stack: "prod" })],
  ];

  it.each(decided.flatMap((task) => BREAKS.map(([how, change]) => [task.id, how, change] as const)))(
    "%s is NO-GO alone when its evidence %s, and the gates after it wait",
    async (id, _how, change) => {
      const verdicts = decide(TASKS, await factsWith(id, change), NOW).slice(0, 3);
      const phase = Number(id.split(".")[0]);
      const gates = phases.flat().filter((task) => "gate" in task && Number(task.id.split(".")[0]) >= phase);
      expect(notGo(verdicts).sort()).toEqual([`${id} NO-GO`, ...gates.map((gate) => `${gate.id} PENDING`)].sort());
    },
  );

  it.each(decided.filter((task) => ("ofPlan" in task ? task.ofPlan : task.kind === "probe")).map(({ id }) => id))(
    "%s speaks of the plan, and is NO-GO for another",
    async (id) => {
      const facts = await factsWith(id, ({ task, files }) => evidenceOf(task, { files, planDigest: "c".repeat(64) }));
      expect(notGo(decide(TASKS, facts, NOW).slice(0, 3))).toContain(`${id} NO-GO`);
    },
  );

  it("1.5 outlives its plan: what lies in a region does", async () => {
    const facts = await factsWith("1.5", ({ task, files }) => evidenceOf(task, { files, planDigest: "c".repeat(64) }));
    expect(notGo(decide(TASKS, facts, NOW).slice(0, 3))).toEqual([]);
  });

  it.each(decided.flatMap((task) => ("files" in task ? (task.files ?? []).map((path) => [task.id, path]) : [])))(
    "%s speaks of %s, and is NO-GO when that has changed since",
    async (id = "", path = "") => {
      const facts = await factsWith();
      const changed = { ...facts, files: { ...files, [path]: "2" } };
      expect(notGo(decide(TASKS, changed, NOW).slice(0, 3))).toContain(`${id} NO-GO`);
    },
  );
});
