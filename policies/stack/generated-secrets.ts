import { TYPES } from "../../plan/plan.ts";
import { type Rule, when } from "../rule.ts";

/** A generated password has 20 characters or more. */
export const generatedSecrets: Rule = {
  id: "generated-secrets-are-long",
  level: "mandatory",
  must: "a generated password has 20 characters or more",
  why: "a short one is guessed from what leaked of its verifier",
  fix: "set length to 20 or more",
  sources: [],
  reads: "RandomPassword.length",
  types: [TYPES.password],
  findFaults: (password) => {
    const length = password.read("length").amount;
    return when(length < 20, `length is ${length}`);
  },
};
