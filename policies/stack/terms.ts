import { TYPES } from "../../plan/plan.ts";
import { type Rule, when } from "../rule.ts";

/** The program registers once what the stack asks of its policies. */
export const terms: Rule = {
  id: "the-stack-says-what-it-asks",
  level: "mandatory",
  must: "the program registers once what the stack asks of its policies",
  why: "without it no rule knows what the stack is for, and no exception could be seen",
  fix: "register components/policy-terms.ts once, in stacks/program.ts",
  sources: [],
  reads: "Terms",
  types: [TYPES.stack],
  findFaults: (_stack, look) => {
    const count = look.ofType(TYPES.terms).length;
    if (count !== 1) return [`it is registered ${count} times`];
    const stage = look.terms?.read("stage").text ?? "not set";
    return when(!["development", "staging", "production"].includes(stage), `stage is ${stage}`);
  },
};
