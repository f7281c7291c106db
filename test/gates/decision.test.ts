import { describe, expect, it } from "vitest";

import { type Decision, decisionEvidence } from "../../gates/decision.ts";
import { sealed } from "../../gates/seal.ts";
import { decide } from "../../gates/verdict.ts";
import { COMMIT } from "../harness/plans.ts";
import { makeSigner } from "../harness/signer.ts";
import { factsOf, NOW, probeTask, signOffTask } from "./fixtures.ts";

const YES: Decision = { name: "Ann", role: "DevOps", yes: true, saw: "all 14 items", ttlDays: 92 };
const TASK = signOffTask("0.1");

describe("a decision", () => {
  it("is evidence of who, as what, when, on which commit, and what was seen; signed, it decides", () => {
    const evidence = decisionEvidence(TASK, YES, factsOf([]), NOW);
    expect(evidence).toMatchObject({
      by: { name: "Ann", role: "DevOps" },
      at: NOW.toISOString(),
      commit: COMMIT,
      detail: "all 14 items",
      holds: true,
      limit: "it is decided",
    });
    const ann = makeSigner("Ann", ["DevOps"]);
    const facts = factsOf([sealed(evidence, ann.key)], { signers: [ann.signer] });
    expect(decide([[TASK]], facts, NOW)[0]?.verdict).toBe("GO");
    const no = decisionEvidence(TASK, { ...YES, yes: false }, factsOf([]), NOW);
    const against = factsOf([sealed(no, ann.key)], { signers: [ann.signer] });
    expect(decide([[TASK]], against, NOW)[0]?.verdict).toBe("NO-GO");
  });

  it.each([
    ["what is measured", probeTask("0.1"), YES, {}, "task 0.1 is decided by a probe, not by a person"],
    [
      "nothing that is committed",
      TASK,
      YES,
      { commit: "" },
      "there is no commit to decide on; a decision is bound to one",
    ],
    [
      "what is another role's",
      TASK,
      { ...YES, role: "Finance SSC" },
      {},
      "task 0.1 is decided by role DevOps; got Finance SSC",
    ],
    [
      "a whole checklist",
      signOffTask("0.1", "DevOps", [
        ["mail", "DevOps"],
        ["close", "Finance SSC"],
      ]),
      YES,
      {},
      "task 0.1 is decided item by item: 0.1.mail, 0.1.close",
    ],
  ])("is not on %s", (_what, task, decision, changes, sentence) => {
    expect(() => decisionEvidence(task, decision, factsOf([], changes), NOW)).toThrow(new Error(sentence));
  });

  it("on everybody's task is in any role", () => {
    const task = signOffTask("0.1", "All");
    expect(decisionEvidence(task, { ...YES, role: "CI" }, factsOf([]), NOW).by?.role).toBe("CI");
  });
});
