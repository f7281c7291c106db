import { describe, expect, it } from "vitest";

import { gateFacts, readGateFacts } from "../../gates/json.ts";
import { planOf } from "../harness/plans.ts";
import { evidenceOf, factsOf } from "./fixtures.ts";

describe("outputs on standard input", () => {
  it("give the facts that the program put into them", async () => {
    const plan = await planOf("dev");
    expect(readGateFacts(JSON.stringify(plan.outputs))).toEqual(gateFacts(plan));
  });

  it("may hold more than is needed, secrets masked", () => {
    const facts = factsOf([evidenceOf("2.5")]);
    expect(readGateFacts(JSON.stringify({ adminPassword: "[secret]", gate: facts }))).toEqual(facts);
  });

  it.each([
    ["nothing", "", "there is nothing on standard input; pipe `pulumi stack output --json` into this command"],
    ["no JSON", "error: no stack", "standard input is no JSON; pipe `pulumi stack output --json` into this command"],
    ["no outputs", "{}", /^standard input holds no outputs of a stack of this program:\n.*expected object/],
    ["evidence that is none", JSON.stringify({ gate: factsOf([{ task: "2" } as never]) }), /gate\.evidence\[0\]\.task/],
  ])("of %s are refused", (_what, text, message) => {
    expect(() => readGateFacts(text)).toThrow(message);
  });
});
