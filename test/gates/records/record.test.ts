import { describe, expect, it } from "vitest";

import { decisionEvidence } from "../../../gates/decision.ts";
import type { GateFacts } from "../../../gates/facts.ts";
import { withDone, withLesson } from "../../../gates/records/lessons.ts";
import { recordMarkdown } from "../../../gates/records/markdown.ts";
import { findRecordFault, type Lessons, recordPath } from "../../../gates/records/record.ts";
import { sealed } from "../../../gates/seal.ts";
import { recordFiles, taskById } from "../../../gates/tasks.ts";
import { decideTask } from "../../../gates/verdict.ts";
import { LAB, makeSigner } from "../../harness/signer.ts";
import { factsOf, NOW } from "../fixtures.ts";

const ACTION = { what: "a second printer", owner: "DevOps", due: "2026-03-31" };
const LESSON = { on: "2026-02-28", what: "orders stood still", why: "one printer | broken", action: ACTION };
const one = withLesson(undefined, "dev", LESSON, NOW).record;
const judge = { stack: "dev", signers: [LAB.signer], now: NOW };

describe("lessons", () => {
  it("are numbered on, and stay", () => {
    const two = withLesson(one, "dev", { ...LESSON, what: "nobody was told" }, NOW);
    expect(two.id).toBe("L2");
    expect(two.record.lessons.map(({ id, what }) => [id, what])).toEqual([
      ["L1", "orders stood still"],
      ["L2", "nobody was told"],
    ]);
  });

  it("have actions that are done once", () => {
    const done = withDone(one, "L1", { on: "2026-03-01", how: "it stands in the hall" }, NOW);
    expect(done.lessons[0]?.action.done?.how).toBe("it stands in the hall");
    expect(() => withDone(done, "L1", { on: "2026-03-01", how: "again" }, NOW)).toThrow(
      "the action of L1 was done on 2026-03-01",
    );
    expect(() => withDone(one, "L7", { on: "2026-03-01", how: "again" }, NOW)).toThrow(
      "there is no lesson L7; there is L1",
    );
    expect(() => withDone(undefined, "L1", { on: "2026-03-01", how: "again" }, NOW)).toThrow("there is none");
    expect(recordMarkdown(done)).toContain("one printer \\| broken");
    expect(recordMarkdown(done)).toContain("2026-03-01: it stands in the hall");
  });
});

describe("a record", () => {
  const record = sealed(one, LAB.key) as Lessons;

  it("that is signed, of this stack and without late actions can be decided on", () => {
    expect(findRecordFault(record, judge)).toBeUndefined();
  });

  it.each<[string, Lessons, Partial<typeof judge>, string]>([
    ["edited", { ...record, lessons: [] }, {}, "was edited after it was signed"],
    ["unsigned", one, {}, "is not signed"],
    ["a stranger's", sealed(one, makeSigner("eve").key), {}, "is signed by a key that is not admitted"],
    ["another stack's", record, { stack: "prod" }, "is of stack dev"],
    ["with late actions", record, { now: new Date("2026-04-01T00:00:00Z") }, "has late actions: L1"],
  ])("that is %s can't", (_what, bad, changes, sentence) => {
    expect(findRecordFault(bad, { ...judge, ...changes })).toContain(sentence);
  });

  it("of lessons is never too old, one of a plan is after a month", () => {
    const done = sealed(withDone(one, "L1", { on: "2026-03-01", how: "it stands" }, NOW), LAB.key) as Lessons;
    const later = { ...judge, now: new Date("2027-03-01T00:00:00Z") };
    expect(findRecordFault(done, later)).toBeUndefined();
    const next = sealed({ kind: "next" as const, stack: "dev", at: NOW.toISOString(), items: [] }, LAB.key);
    expect(findRecordFault(next, judge)).toBeUndefined();
    expect(findRecordFault(next, later)).toBe("is of 2026-03-01T12:00:00.000Z, and counts for 31 days");
  });

  it.each([["6.5"], ["7.3"], ["7.4"]])("decides task %s by what it says, whatever the sources are since", (id) => {
    const task = taskById(id);
    if (task?.kind !== "sign-off" || task.record === undefined) throw new Error(`${id} signs no record`);
    const path = recordPath("dev", task.record);
    expect(recordFiles("dev")).toContain(path);
    const role = task.owner === "All" ? "DevOps" : task.owner;
    const ann = makeSigner("Ann", [role]);
    const facts = (changes: Partial<GateFacts>) => factsOf([], { signers: [ann.signer], ...changes });
    const decision = { name: "Ann", role, yes: true, saw: "all of it", ttlDays: 92 };
    expect(() => decisionEvidence(task, decision, facts({}), NOW)).toThrow(
      `task ${id} signs ${path}, which is not there`,
    );
    const signed = sealed(decisionEvidence(task, decision, facts({ files: { [path]: "1" } }), NOW), ann.key);
    const status = (changes: Partial<GateFacts>) =>
      decideTask(task, facts({ evidence: [signed], files: { [path]: "1" }, ...changes }), NOW);
    expect(status({}).status).toBe("GO");
    expect(status({ commit: "c".repeat(40) }).status).toBe("GO");
    expect(status({ files: { [path]: "2" } })).toMatchObject({
      status: "NO-GO",
      detail: expect.stringContaining(`changed since the evidence of ${signed.at}: ${path}`) as string,
    });
    expect(status({ files: {} }).status).toBe("NO-GO");
    const blind = sealed({ ...signed, files: {} }, ann.key);
    expect(status({ evidence: [blind] })).toMatchObject({
      status: "NO-GO",
      detail: expect.stringContaining(`Ann signed no ${path}`) as string,
    });
  });
});
