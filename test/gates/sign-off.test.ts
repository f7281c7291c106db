import { describe, expect, it } from "vitest";

import type { Evidence } from "../../gates/evidence.ts";
import type { Task } from "../../gates/task.ts";
import { decide } from "../../gates/verdict.ts";
import { LAB, makeSigner } from "../harness/signer.ts";
import { evidenceOf, factsOf, NOW, signOffTask } from "./fixtures.ts";

describe("a task decided by a person", () => {
  const ann = makeSigner("Ann", ["DevOps"]);
  const bob = makeSigner("Bob");
  const by = { name: "Ann", role: "DevOps" };
  const signers = [LAB.signer, ann.signer, bob.signer];
  const decision = (changes: Partial<Evidence> = {}, signer = ann) =>
    evidenceOf("6.2", { by, detail: "all 14 items were looked at", ttlDays: 90, ...changes }, signer);
  const verdict = (evidence: readonly Evidence[], owner: Task["owner"] = "DevOps") =>
    decide([[], [], [], [], [], [], [signOffTask("6.2", owner)]], factsOf(evidence, { signers }), NOW)[6]?.tasks[0];
  const SIGN = "have it decided with `npm run platform -- evidence sign --stack dev --task 6.2`";

  it("is what the person said, with who it was and what was seen", () => {
    expect(verdict([decision()])).toMatchObject({
      status: "GO",
      detail: "Ann (DevOps) said yes: all 14 items were looked at",
    });
    expect(verdict([decision({ holds: false, detail: "no rollback" })])).toMatchObject({
      status: "NO-GO",
      detail: "Ann (DevOps) said no: no rollback",
    });
    expect(verdict([])).toMatchObject({ status: "PENDING", detail: "nobody has decided yet" });
  });

  it.each<[string, Evidence, string]>([
    ["is not signed", { ...decision(), seal: undefined }, "evidence of 2026-03-01T10:00:00.000Z is not signed"],
    [
      "was edited",
      { ...decision({ holds: false }), holds: true },
      "evidence of 2026-03-01T10:00:00.000Z was edited after it was signed",
    ],
    [
      "is of another commit",
      decision({ commit: "c".repeat(40) }),
      "evidence of 2026-03-01T10:00:00.000Z is of commit cccccccccccc, and the sources are of commit bbbbbbbbbbbb",
    ],
    [
      "is of no commit",
      decision({ commit: "" }),
      "evidence of 2026-03-01T10:00:00.000Z is of no commit, and the sources are of commit bbbbbbbbbbbb",
    ],
    [
      "is too old",
      decision({ at: "2025-11-01T00:00:00.000Z" }),
      "evidence of 2025-11-01T00:00:00.000Z counted until 2026-01-30T00:00:00.000Z",
    ],
    ["is signed by another", decision({}, LAB), "the decision of Ann is signed by lab"],
    [
      "is in a role that is not theirs",
      decision({ by: { name: "Bob", role: "DevOps" } }, bob),
      "Bob is not admitted to decide as DevOps",
    ],
    [
      "is in a role that this task has not",
      decision({ by: { name: "Ann", role: "Finance SSC" } }),
      "Ann decided as Finance SSC, not as DevOps",
    ],
    ["was measured, by nobody", evidenceOf("6.2"), "evidence was measured, and a person must decide"],
  ])("whose decision %s is NO-GO", (_what, evidence, why) => {
    expect(verdict([evidence])).toMatchObject({ status: "NO-GO", detail: `${why}; ${SIGN}` });
  });

  it("of everybody takes the decision of whoever is admitted for the role they name", () => {
    expect(verdict([decision()], "All")).toMatchObject({ status: "GO" });
    expect(verdict([decision({ by: { name: "Ann", role: "Platform" } })], "All")?.status).toBe("NO-GO");
  });

  it("outside a repository is NO-GO: a decision on no commit is on nothing", () => {
    const facts = factsOf([decision({ commit: "" })], { signers, commit: "" });
    const [, , , , , , phase] = decide([[], [], [], [], [], [], [signOffTask("6.2")]], facts, NOW);
    expect(phase?.tasks[0]).toMatchObject({ status: "NO-GO", detail: expect.stringContaining("no commit") as string });
  });
});
