import { expect, test } from "vitest";

import { PolicyTerms } from "../../components/policy-terms.ts";
import { TYPES } from "../../plan/plan.ts";
import { register } from "../harness/register.ts";

test("what a stack asks of its policies is a resource, since policies read nothing else", async () => {
  const exceptions = [{ rule: "logs-are-rotated", resource: "edge", reason: "the host does", until: "2026-12-31" }];
  const { resources } = await register(() => {
    new PolicyTerms("policies", { stage: "production", requirePhase: 5, exceptions });
  });
  expect(resources.find(({ type }) => type === TYPES.terms)).toMatchObject({
    name: "policies",
    custom: false,
    inputs: { stage: "production", requirePhase: 5, exceptions },
  });
});
