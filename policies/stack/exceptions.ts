import { TYPES } from "../../plan/plan.ts";
import { exceptionsOf, findFlaw } from "../exception.ts";
import type { Rule } from "../rule.ts";

/** Every exception names a rule and a resource that there are, gives a reason, and has not ended. */
export const exceptionsInOrder: Rule = {
  id: "exceptions-are-in-order",
  level: "mandatory",
  must: "every exception names a rule and a resource that there are, gives a reason, and has not ended",
  why: "an exception that nobody looks at again is a rule that was dropped in silence",
  fix: "mend policyExceptions in Pulumi.<stack>.yaml, or mend what it excuses and remove it",
  sources: [],
  reads: "Terms.exceptions",
  types: [TYPES.terms],
  findFaults: (_terms, look) => {
    const names = new Set(look.subjects.map(({ name }) => name));
    return exceptionsOf(look).flatMap((exception) => {
      const { rule, resource } = exception;
      const flaw =
        findFlaw(exception, look.now, look.ruleIds) ??
        (names.has(resource) ? undefined : `there is no resource ${resource}`) ??
        (rule === "exceptions-are-in-order" ? "it can't excuse itself" : undefined);
      return flaw === undefined ? [] : [`the exception from ${rule} for ${resource}: ${flaw}`];
    });
  },
};
