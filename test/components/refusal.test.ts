import { RunError } from "@pulumi/pulumi";
import { expect, test } from "vitest";

import { refusal } from "../../components/refusal.ts";

test("a refusal is what Pulumi prints as a sentence, and carries no trace to be coloured", () => {
  const error = refusal("edge: ports must differ");
  expect(RunError.isInstance(error)).toBe(true);
  expect([error.message, error.stack]).toEqual(["edge: ports must differ", "edge: ports must differ"]);
});
