import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Evidence } from "../../gates/evidence.ts";
import { shortKey } from "../../gates/seal.ts";
import type { Task } from "../../gates/task.ts";
import { decide, overall } from "../../gates/verdict.ts";
import type { PhaseVerdict, TaskVerdict } from "../../plan/phase.ts";
import { makeSigner } from "../harness/signer.ts";
import { evidenceOf, factsOf, gateTask, NOW, probeTask } from "./fixtures.ts";

const STRANGER = makeSigner("stranger");

const TASK = probeTask("2.5", { files: ["docker/x"] });
const FILES = { "docker/x": "1".repeat(64) };
const TAKE = "run `npm run platform -- verify --stack dev --task 2.5`";

/** The verdict on one task with this evidence. */
function one(evidence: readonly Evidence[], task: Task = TASK): TaskVerdict | undefined {
  const phase = Number(task.id.split(".")[0]);
  const tasks = Array.from({ length: phase + 1 }, (_, at) => (at === phase ? [task] : []));
  return decide(tasks, factsOf(evidence, { files: FILES }), NOW)[phase]?.tasks[0];
}

const good = (changes: Partial<Evidence> = {}) => evidenceOf("2.5", { files: FILES, ...changes });

describe("a task decided by evidence", () => {
  it.each<[string, readonly Evidence[], string, string]>([
    ["holds", [good()], "GO", "2.5 was seen"],
    ["fell short", [good({ holds: false, detail: "port 5432 is published" })], "NO-GO", "port 5432 is published"],
    ["has none", [], "PENDING", "no evidence yet"],
    ["has only another task's", [evidenceOf("2.6")], "PENDING", "no evidence yet"],
    [
      "counted until yesterday",
      [good({ at: "2026-02-21T11:59:59.000Z" })],
      "NO-GO",
      `evidence of 2026-02-21T11:59:59.000Z counted until 2026-02-28T11:59:59.000Z; ${TAKE}`,
    ],
    [
      "is from the future",
      [good({ at: "2026-03-01T12:05:01.000Z" })],
      "NO-GO",
      `evidence is from the future (2026-03-01T12:05:01.000Z); set this machine's clock; ${TAKE}`,
    ],
    ["is ahead by what clocks differ", [good({ at: "2026-03-01T12:04:59.000Z" })], "GO", "2.5 was seen"],
    [
      "is of another plan",
      [good({ planDigest: "c".repeat(64) })],
      "NO-GO",
      `evidence of 2026-03-01T10:00:00.000Z is of another plan; ${TAKE}`,
    ],
    ["is of another stack", [good({ stack: "prod" })], "NO-GO", `evidence is of stack prod; ${TAKE}`],
    [
      "speaks of a file that changed",
      [good({ files: { "docker/x": "2".repeat(64) } })],
      "NO-GO",
      `changed since the evidence of 2026-03-01T10:00:00.000Z: docker/x; ${TAKE}`,
    ],
    [
      "speaks of a file that is gone",
      [good({ files: { ...FILES, "docker/y": "2".repeat(64) } })],
      "NO-GO",
      `changed since the evidence of 2026-03-01T10:00:00.000Z: docker/y; ${TAKE}`,
    ],
    [
      "was edited by hand",
      [{ ...good({ holds: false }), holds: true }],
      "NO-GO",
      `evidence of 2026-03-01T10:00:00.000Z was edited after it was signed; ${TAKE}`,
    ],
    [
      "is not signed",
      [{ ...good(), seal: undefined }],
      "NO-GO",
      `evidence of 2026-03-01T10:00:00.000Z is not signed; ${TAKE}`,
    ],
    [
      "is signed by a stranger",
      [evidenceOf("2.5", { files: FILES }, STRANGER)],
      "NO-GO",
      `evidence of 2026-03-01T10:00:00.000Z is signed by a key that is not admitted (${shortKey(STRANGER.signer.key)}), as \`npm run platform -- evidence allow\` would; ${TAKE}`,
    ],
    [
      "is somebody's word",
      [good({ by: { name: "Ann", role: "DevOps" } })],
      "NO-GO",
      `evidence is the word of Ann, not measured; ${TAKE}`,
    ],
    [
      "has two",
      [good(), good({ holds: false })],
      "NO-GO",
      "the check failed to run: 2 pieces of evidence for one task; keep the newest",
    ],
  ])("whose evidence %s", (_what, evidence, status, detail) => {
    expect(one(evidence)).toMatchObject({ status, detail });
  });

  it("outlives a change of the plan where it is about a file of the repository", () => {
    const artefact: Task = { ...probeTask("2.5", { files: ["docker/x"] }), kind: "artefact" };
    expect(one([good({ planDigest: "c".repeat(64) })], artefact)).toMatchObject({ status: "GO" });
  });

  it("is of today's plan where it speaks of the plan, though it is about a file", () => {
    const artefact: Task = { ...probeTask("2.5", { files: ["docker/x"] }), kind: "artefact", ofPlan: true };
    expect(one([good()], artefact)).toMatchObject({ status: "GO" });
    expect(one([good({ planDigest: "c".repeat(64) })], artefact)).toMatchObject({
      status: "NO-GO",
      detail: `evidence of 2026-03-01T10:00:00.000Z is of another plan; ${TAKE}`,
    });
  });

  it("outlives a commit: what is measured is bound to plan and files", () => {
    expect(one([good({ commit: "c".repeat(40) })])).toMatchObject({ status: "GO" });
  });

  it("does not hold for evidence that would hold but is stale, however it is stale", () => {
    fc.assert(
      fc.property(
        fc.record({ ageMinutes: fc.integer({ min: -20_000, max: 60_000 }), ttlDays: fc.integer({ min: 1, max: 60 }) }),
        ({ ageMinutes, ttlDays }) => {
          const at = new Date(NOW.getTime() - ageMinutes * 60_000).toISOString();
          const fresh = ageMinutes >= -5 && ageMinutes <= ttlDays * 24 * 60;
          expect(one([good({ at, ttlDays })])?.status).toBe(fresh ? "GO" : "NO-GO");
        },
      ),
    );
  });
});

describe("a task decided by settings", () => {
  it("is GO when no fault is found, and needs no evidence", () => {
    expect(
      one(
        [],
        plan(() => undefined),
      ),
    ).toMatchObject({ status: "GO", detail: "all else is GO" });
  });

  it("is NO-GO with the fault", () => {
    expect(
      one(
        [],
        plan(() => "maxConnections is 5; set 80 or more"),
      ),
    ).toMatchObject({
      status: "NO-GO",
      detail: "maxConnections is 5; set 80 or more",
    });
  });

  it("is NO-GO when its check throws, never a pass", () => {
    const throwing = plan(() => {
      throw new Error("settings.postgres is undefined");
    });
    expect(one([], throwing)).toMatchObject({
      status: "NO-GO",
      detail: "the check failed to run: settings.postgres is undefined",
    });
  });

  function plan(findFault: () => string | undefined): Task {
    return {
      id: "1.1",
      title: "Fits",
      owner: "Platform",
      kind: "plan",
      must: "all else is GO",
      because: "",
      findFault,
    };
  }
});

describe("a phase", () => {
  const tasks = [
    [probeTask("0.1"), probeTask("0.2"), gateTask("0.3")],
    [probeTask("1.1"), gateTask("1.2")],
  ];
  const verdicts = (...evidence: Evidence[]): PhaseVerdict[] => decide(tasks, factsOf(evidence), NOW);
  const summary = (phases: readonly PhaseVerdict[]) =>
    phases.map(({ verdict, passed, total }) => `${verdict} ${passed}/${total}`);

  it.each<[string, Evidence[], string[]]>([
    ["PENDING without evidence", [], ["PENDING 0/3", "PENDING 0/2"]],
    ["PARTIAL when some hold and none fails", [evidenceOf("0.1")], ["PARTIAL 1/3", "PENDING 0/2"]],
    [
      "NO-GO when one fails, whatever holds",
      [evidenceOf("0.1"), evidenceOf("0.2", { holds: false })],
      ["NO-GO 1/3", "PENDING 0/2"],
    ],
    ["GO when all hold", [evidenceOf("0.1"), evidenceOf("0.2")], ["GO 3/3", "PENDING 0/2"]],
    ["GO only after the earlier ones", [evidenceOf("1.1")], ["PENDING 0/3", "PARTIAL 1/2"]],
    ["GO with the earlier ones", [evidenceOf("0.1"), evidenceOf("0.2"), evidenceOf("1.1")], ["GO 3/3", "GO 2/2"]],
  ])("is %s", (_what, evidence, expected) => {
    expect(summary(verdicts(...evidence))).toEqual(expected);
  });

  it("says what its gate waits for", () => {
    const gate = verdicts(evidenceOf("0.1"), evidenceOf("1.1"))[1]?.tasks[1];
    expect(gate).toMatchObject({ status: "PENDING", detail: "waits for phase 0" });
    expect(verdicts(evidenceOf("0.1"))[0]?.tasks[2]?.detail).toBe("waits for 0.2");
  });

  it("never gets better by evidence that does not hold", () => {
    const rank = { "NO-GO": 0, PENDING: 1, PARTIAL: 2, GO: 3 };
    const ids = ["0.1", "0.2", "1.1"];
    fc.assert(
      fc.property(fc.subarray(ids), fc.constantFrom(...ids), (held, broken) => {
        const before = verdicts(...held.map((id) => evidenceOf(id)));
        const after = verdicts(
          ...held.filter((id) => id !== broken).map((id) => evidenceOf(id)),
          evidenceOf(broken, { holds: false }),
        );
        for (const [index, { verdict }] of after.entries()) {
          expect(rank[verdict]).toBeLessThanOrEqual(rank[before[index]?.verdict ?? "GO"]);
        }
      }),
    );
  });
});

describe("a stack", () => {
  it.each([
    [["GO", "GO"], "GO"],
    [["GO", "PENDING"], "PARTIAL"],
    [["PENDING", "PENDING"], "PENDING"],
    [[], "PENDING"],
    [["GO", "PARTIAL"], "PARTIAL"],
    [["GO", "NO-GO", "PENDING"], "NO-GO"],
  ])("of phases %s is %s", (phases, expected) => {
    expect(overall(phases.map((verdict) => ({ verdict }) as PhaseVerdict))).toBe(expected);
  });
});
