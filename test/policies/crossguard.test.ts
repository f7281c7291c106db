import type { StackValidationPolicy } from "@pulumi/policy";
import { expect, test } from "vitest";

import { TYPES } from "../../plan/plan.ts";
import { asPolicies } from "../../policies/crossguard.ts";
import type { Rule } from "../../policies/rule.ts";
import { Undecided } from "../../policies/subject.ts";

const rule = (findFaults: Rule["findFaults"], readsMarks = false): Rule => ({
  id: "test-rule",
  level: "mandatory",
  must: "it holds",
  why: "it must",
  fix: "mend it",
  sources: [],
  reads: "nothing",
  readsMarks,
  types: [TYPES.network],
  findFaults,
});

/** What a rule's policy reports of a network. */
async function reported(judge: Rule): Promise<unknown[]> {
  const policy = asPolicies([judge], () => new Date(0))[1] as StackValidationPolicy;
  const said: unknown[] = [];
  const network = {
    type: TYPES.network,
    name: "data",
    urn: "urn:pulumi:s::p::t::data",
    props: {},
    opts: { protect: false },
  };
  const args = { resources: [{ ...network, dependencies: [] }] } as unknown as Parameters<
    typeof policy.validateStack
  >[0];
  await policy.validateStack(args, (message) => said.push(message));
  return said;
}

const urn = "urn:pulumi:s::p::t::data";

test("a violation is reported at the rule's level, with what mends it", async () => {
  expect(await reported(rule(() => ["it is open"]))).toEqual([
    { message: "data: it is open. Mend it.", urn, enforcementLevel: "mandatory" },
  ]);
});

test("what can't be decided is reported as advisory, whatever the rule's level", async () => {
  const undecided = rule(() => {
    throw new Undecided("name");
  });
  expect(await reported(undecided)).toEqual([
    { message: "data: can't be decided yet: name is known only after deployment.", urn, enforcementLevel: "advisory" },
  ]);
});

test("a rule that reads marks refuses nothing here, where marks are taken off", async () => {
  expect(await reported(rule(() => ["it is not marked"], true))).toEqual([
    {
      message: "data: can't be decided here, where marks are taken off: it is not marked. Mend it.",
      urn,
      enforcementLevel: "advisory",
    },
  ]);
  const undecided = rule(() => {
    throw new Undecided("name");
  }, true);
  expect(await reported(undecided)).toMatchObject([{ enforcementLevel: "advisory" }]);
});

test("a rule that fails to run is reported as a violation", async () => {
  const failing = rule(() => {
    throw new Error("no such input");
  });
  expect(await reported(failing)).toMatchObject([
    { message: "data: the rule failed to run: no such input. Mend it.", enforcementLevel: "mandatory" },
  ]);
});
