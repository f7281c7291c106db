import { describe, expect, it } from "vitest";

import { gateFacts, readGateFacts } from "../../gates/json.ts";
import { UNKNOWN_VALUE } from "../../plan/plan.ts";
import { planOf } from "../harness/plans.ts";
import { evidenceOf, factsOf } from "./fixtures.ts";

const PIPE = "pipe `pulumi stack output --json` into this command";

/** Outputs of a stack, with changes. */
async function outputs(changes: { readonly [name: string]: unknown } = {}): Promise<string> {
  const { outputs } = await planOf("dev", { evidence: [evidenceOf("2.5")] });
  return JSON.stringify({ ...outputs, ...changes });
}

describe("outputs on standard input", () => {
  it("give the facts that the program put into them", async () => {
    const plan = await planOf("dev", { evidence: [evidenceOf("2.5")] });
    expect(readGateFacts(JSON.stringify(plan.outputs))).toEqual(gateFacts(plan));
  });

  it("may hold more than is needed, secrets masked", async () => {
    const facts = factsOf([evidenceOf("2.5")]);
    expect(readGateFacts(await outputs({ adminPassword: "[secret]", gate: facts, another: 1 }))).toEqual(facts);
  });

  it.each([
    ["nothing", "", `there is nothing on standard input; ${PIPE}`],
    ["no JSON", "error: no stack", `standard input is no JSON; ${PIPE}`],
    ["no outputs", "{}", /^standard input holds no outputs of a stack of this program:\n.*expected object/],
    ["null", "null", /^standard input holds no outputs of a stack of this program:\n.*expected object/],
    ["a list", "[]", /^standard input holds no outputs of a stack of this program:\n.*expected object/],
  ])("of %s are refused", (_what, text, message) => {
    expect(() => readGateFacts(text)).toThrow(message);
  });

  it.each<[string, object, string | RegExp]>([
    ["evidence that is none", { gate: factsOf([{ task: "2" } as never]) }, /gate\.evidence\[0\]\.task/],
    ["a phase missing", { phase3: undefined }, /expected object, received undefined\n +→ at phase3/],
    ["a phase that is none", { phase3: "GO" }, /→ at phase3/],
    [
      "all that decides as a secret",
      { gate: "[secret]" },
      `standard input hides what decides: gate is a secret; ${PIPE}`,
    ],
    [
      "a setting as a secret",
      { gate: factsOf([], { settings: { odoo: { workers: "[secret]" } } as never }) },
      `standard input hides what decides: gate.settings.odoo.workers is a secret; ${PIPE}`,
    ],
    [
      "evidence that isn't known yet",
      { gate: { ...factsOf([]), evidence: [UNKNOWN_VALUE] } },
      `standard input hides what decides: gate.evidence.0 is not known yet; ${PIPE}`,
    ],
    ["nobody who may sign", { gate: { ...factsOf([]), signers: undefined } }, /→ at gate\.signers/],
    [
      "a signer without a key",
      { gate: factsOf([], { signers: [{ name: "x", key: "AAAA" }] }) },
      /must be an Ed25519 public key: SPKI, DER, base64\n +→ at gate\.signers\[0\]\.key/,
    ],
  ])("with %s are refused", async (_what, changes, message) => {
    const text = await outputs(changes as { [name: string]: unknown });
    expect(() => readGateFacts(text)).toThrow(message);
  });
});
