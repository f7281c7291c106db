import type { Policies, ReportViolation, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";

import { evaluateRule } from "./evaluate.ts";
import { Look } from "./look.ts";
import { Registered } from "./registered.ts";
import type { Rule } from "./rule.ts";

/**
 * The rules as policies of Pulumi's own engine: one that keeps what is registered and reports nothing, and one for each
 * rule, which judges the whole stack as `platform plan` does.
 *
 * @param clock when it is judged; exceptions end
 */
export function asPolicies(rules: readonly Rule[], clock: () => Date): Policies {
  const registered = new Registered();
  const ids = rules.map(({ id }) => id);
  return [
    {
      name: "what-is-registered",
      description: "Keeps what each resource is registered with, for the rules that judge the whole stack.",
      enforcementLevel: "advisory",
      validateResource: ({ urn, props }: ResourceValidationArgs) => registered.keep({ urn, props }),
    },
    ...rules.map((rule) => ({
      name: rule.id,
      description: `${sentence(rule.must)} ${sentence(rule.why)}`,
      enforcementLevel: rule.level,
      remediationSteps: sentence(rule.fix),
      validateStack: ({ resources }: StackValidationArgs, report: ReportViolation) => {
        const look = new Look(registered.plan(resources), clock(), ids);
        for (const { level, status, resource, message, fix, urn } of evaluateRule(rule, look)) {
          const text = `${resource}: ${message}. ${status === "violation" ? sentence(fix) : ""}`.trim();
          // As an object a report may be of another level than its policy: an undecided rule refuses nothing.
          (report as unknown as (finding: object) => void)({ message: text, urn, enforcementLevel: level });
        }
      },
    })),
  ];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
