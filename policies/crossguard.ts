import type { Policies, ReportViolation, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";

import { evaluateRule, type Finding } from "./evaluate.ts";
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
        for (const finding of evaluateRule(rule, look)) {
          const { level, message, urn } = rule.readsMarks === true ? unmarked(finding) : finding;
          const fix = finding.status === "violation" ? ` ${sentence(finding.fix)}` : "";
          // As an object a report may be of another level than its policy: an undecided rule refuses nothing.
          (report as unknown as (said: object) => void)({
            message: `${finding.resource}: ${message}.${fix}`,
            urn,
            enforcementLevel: level,
          });
        }
      },
    })),
  ];
}

/** What is not marked as a secret may have been, before Pulumi took the mark off. */
function unmarked(finding: Finding): Finding {
  return finding.status === "violation"
    ? { ...finding, level: "advisory", message: `can't be decided here, where marks are taken off: ${finding.message}` }
    : finding;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
