import { describe, expect, it } from "vitest";

import type { Evidence } from "../../gates/evidence.ts";
import { GO_LIVE } from "../../gates/go-live.ts";
import { taskById, TASKS } from "../../gates/tasks.ts";
import { claimsOf } from "../../gates/task.ts";
import { decide } from "../../gates/verdict.ts";
import { COMMIT } from "../harness/plans.ts";
import { LAB, makeSigner } from "../harness/signer.ts";
import { evidenceOf, factsOf, NOW } from "./fixtures.ts";

const ROLES = ["Platform", "DevOps", "Finance SSC"];
const ann = makeSigner("Ann", ROLES);
const IDS = GO_LIVE.map(({ id }) => `6.2.${id}`);

const signed = (id: string, changes: Partial<Evidence> = {}) => {
  const role = taskById(id)?.owner ?? "";
  return evidenceOf(id, { by: { name: "Ann", role: role === "All" ? "Platform" : role }, ...changes }, ann);
};
const verdictOn = (evidence: readonly Evidence[], changes = {}) =>
  decide(TASKS, factsOf(evidence, { signers: [LAB.signer, ann.signer], ...changes }), NOW)[6]?.tasks.find(
    ({ id }) => id === "6.2",
  );
const others = (id: string) => IDS.filter((one) => one !== id).map((one) => signed(one));

describe("the GO-LIVE checklist (6.2)", () => {
  it("is GO when every item is signed by its role for this commit", () => {
    expect(verdictOn(IDS.map((id) => signed(id)))).toMatchObject({
      status: "GO",
      detail: `all ${GO_LIVE.length} items are signed`,
    });
  });

  it("is pending while an item is open, and names it", () => {
    expect(verdictOn([])).toMatchObject({ status: "PENDING" });
    expect(verdictOn(others("6.2.mail"))).toMatchObject({
      status: "PENDING",
      detail: `nobody has decided 1 of ${GO_LIVE.length} items yet: 6.2.mail`,
    });
  });

  it.each<[string, Evidence, string]>([
    ["was refused", signed("6.2.mail", { holds: false, detail: "it was spam" }), "Ann (DevOps) said no: it was spam"],
    ["was signed for another commit", signed("6.2.mail", { commit: "c".repeat(40) }), "is of commit cccccccccccc"],
    ["was signed too long ago", signed("6.2.mail", { at: "2025-01-01T00:00:00.000Z" }), "counted until"],
    [
      "was signed as another role",
      signed("6.2.mail", { by: { name: "Ann", role: "Platform" } }),
      "Ann decided as Platform, not as DevOps",
    ],
    [
      "was measured",
      evidenceOf("6.2.mail", { commit: COMMIT }),
      "6.2.mail: evidence was measured, and a person must decide",
    ],
  ])("is NO-GO when an item %s, whatever else is signed or open", (_what, piece, sentence) => {
    for (const rest of [others("6.2.mail"), []]) {
      const verdict = verdictOn([...rest, piece]);
      expect(verdict?.status).toBe("NO-GO");
      expect(verdict?.detail).toContain(sentence);
    }
  });

  it("is not decided by one signature on the whole", () => {
    expect(verdictOn([evidenceOf("6.2", { by: { name: "Ann", role: "DevOps" } }, ann)])?.status).toBe("PENDING");
  });

  it("has items that people can decide, each once, with a file of evidence of its own", () => {
    expect(new Set(IDS).size).toBe(IDS.length);
    expect(IDS.filter((id) => !/^6\.2\.[a-z][a-z0-9-]*$/.test(id))).toEqual([]);
    expect(claimsOf(taskById("6.2") ?? fail())).toHaveLength(GO_LIVE.length);
  });
});

function fail(): never {
  throw new Error("the plan has no task 6.2");
}
