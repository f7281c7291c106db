import { describe, expect, test } from "vitest";

import { Secret } from "../../components/secret.ts";
import { evaluate } from "../../engine/evaluate.ts";
import { TYPES } from "../../plan/plan.ts";

const program = () => {
  const secret = new Secret("key");
  return { value: secret.value, length: secret.settings.length };
};

describe("a generated secret", () => {
  test("is 32 letters and digits: 190 bits that need quoting nowhere", async () => {
    const { resources } = await evaluate({ project: "lab", stack: "test", program });
    expect(resources.find(({ type }) => type === TYPES.password)?.inputs).toEqual({ length: 32, special: false });
  });

  test("is made anew in another generation", async () => {
    const { resources } = await evaluate({
      ...{ project: "lab", stack: "test" },
      program: () => ({ value: new Secret("key", {}, { generation: 2 }).value }),
    });
    const { inputs } = resources.find(({ type }) => type === TYPES.password) ?? {};
    expect(inputs).toEqual({ length: 32, special: false, keepers: { generation: "2" } });
  });

  // RandomPassword marks its result for Pulumi's engine alone; the component does so for everyone.
  test("is marked secret wherever its value goes", async () => {
    const { outputs } = await evaluate({ project: "lab", stack: "test", program });
    expect(outputs).toEqual({ value: { secret: "secret://key" }, length: 32 });
  });
});
