import { describe, expect, it } from "vitest";

import { type Bundle, bundleSchema, composeBundle, findBundleFaults } from "../../gates/bundle.ts";
import type { GateFacts } from "../../gates/facts.ts";
import { sealed } from "../../gates/seal.ts";
import { LAB, makeSigner } from "../harness/signer.ts";
import { evidenceOf, factsOf, gateTask, NOW, probeTask, signOffTask } from "./fixtures.ts";

const TASKS = [probeTask("2.5"), probeTask("2.6"), gateTask("2.4"), probeTask("2.10")];
const FACTS = factsOf([evidenceOf("2.6"), evidenceOf("2.5"), evidenceOf("1.1")]);
const AT = "2026-03-01T10:00:00.000Z";

const faultsOf = (bundle: Bundle, changes: { facts?: GateFacts; phase?: number } = {}) =>
  findBundleFaults(bundle, { tasks: TASKS, phase: 2, facts: FACTS, now: NOW, ...changes });
const signed = (changes: Partial<Bundle> = {}, { key } = LAB) =>
  sealed({ ...composeBundle(TASKS, 2, FACTS, NOW), ...changes }, key);

describe("a bundle", () => {
  it("holds the evidence of every task of its phase, in the order of the plan, but of its own", () => {
    const bundle = composeBundle(TASKS, 2, FACTS, NOW);
    expect(bundle).toMatchObject({ stack: "dev", phase: 2, at: NOW.toISOString(), planDigest: FACTS.planDigest });
    expect(bundle.evidence.map(({ task }) => task)).toEqual(["2.5", "2.6"]);
    expect(faultsOf(bundleSchema.parse(JSON.parse(JSON.stringify(signed()))))).toEqual([]);
  });

  it.each<[string, GateFacts, string]>([
    ["is missing", factsOf([evidenceOf("2.5")]), "2.6 has no evidence"],
    ["is there twice", factsOf([...FACTS.evidence, evidenceOf("2.6")]), "2.6 has 2 pieces of evidence"],
    [
      "does not hold",
      factsOf([evidenceOf("2.5"), evidenceOf("2.6", { holds: false, detail: "two owners" })]),
      "2.6 does not hold: two owners",
    ],
    [
      "counts for nothing",
      factsOf([evidenceOf("2.5"), { ...evidenceOf("2.6"), seal: undefined }]),
      `2.6: evidence of ${AT} is not signed`,
    ],
  ])("is not made while one's %s", (_what, facts, sentence) => {
    expect(() => composeBundle(TASKS, 2, facts, NOW)).toThrow(new Error(sentence));
  });

  it("is not made of a phase that evidence does not decide", () => {
    expect(() => composeBundle([gateTask("2.4")], 2, FACTS, NOW)).toThrow("phase 2 has no task that evidence decides");
  });

  it("holds people's decisions too", () => {
    const ann = makeSigner("Ann", ["DevOps"]);
    const by = { name: "Ann", role: "DevOps" };
    const facts = factsOf([evidenceOf("2.5", { by }, ann)], { signers: [LAB.signer, ann.signer] });
    expect(composeBundle([signOffTask("2.5")], 2, facts, NOW).evidence).toHaveLength(1);
    const checklist = signOffTask("2.5", "DevOps", [["mail", "DevOps"]]);
    expect(() => composeBundle([checklist], 2, facts, NOW)).toThrow(new Error("2.5.mail has no evidence"));
    const item = factsOf([evidenceOf("2.5.mail", { by }, ann)], { signers: [LAB.signer, ann.signer] });
    expect(composeBundle([checklist], 2, item, NOW).evidence.map(({ task }) => task)).toEqual(["2.5.mail"]);
  });
});

describe("a committed bundle is no proof", () => {
  const stranger = makeSigner("stranger");
  it.each<[string, Bundle, string[]]>([
    ["unsigned", composeBundle(TASKS, 2, FACTS, NOW), ["the bundle is not signed"]],
    ["signed by a stranger", signed({}, stranger), [expect.stringContaining("a key that is not admitted") as string]],
    ["edited", { ...signed(), at: AT }, ["the bundle was edited after it was signed"]],
    ["of another stack", signed({ stack: "prod" }), ["the bundle is of stack prod"]],
    ["of another phase", signed({ phase: 1 }), ["the bundle is of phase 1"]],
    ["of another plan", signed({ planDigest: "c" }), [`the bundle of ${NOW.toISOString()} is of another plan`]],
    ["with less", signed({ evidence: [evidenceOf("2.5")] }), ["2.6 has no evidence"]],
    [
      "with what no task asks for",
      signed({ evidence: [...FACTS.evidence] }),
      ["1.1 is no task of phase 2 that evidence decides"],
    ],
    [
      "with evidence that was edited before",
      signed({ evidence: [{ ...evidenceOf("2.5"), detail: "x" }, evidenceOf("2.6")] }),
      [`2.5: evidence of ${AT} was edited after it was signed`],
    ],
  ])("%s", (_what, bundle, faults) => {
    expect(faultsOf(bundle)).toEqual(faults);
  });
});
