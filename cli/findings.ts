import pc from "picocolors";

import { Fault } from "../engine/fault.ts";
import { columns } from "../gates/report.ts";
import type { Plan } from "../plan/plan.ts";
import { evaluatePlan, type Finding, refuses } from "../policies/evaluate.ts";

/** Findings as a table with what mends each, and one line that says what `up` would do. */
export function findingsTable(findings: readonly Finding[], stack: string, colour = pc.isColorSupported): string {
  const { red, yellow, dim } = pc.createColors(colour);
  const paint = ({ level, status }: Finding) => {
    const text = status === "violation" ? level : status;
    return status !== "violation" ? dim(text) : level === "mandatory" ? red(text) : yellow(text);
  };
  const rows = findings.map((finding) => [paint(finding), finding.rule, `${finding.resource}: ${finding.message}`]);
  const mends = mendsOf(findings.filter(({ status }) => status === "violation"));
  return [...(rows.length === 0 ? [] : ["Policies", columns(rows), "", ...mends]), conclusion(findings, stack)].join(
    "\n",
  );
}

/** What mends each rule that is broken, once. */
function mendsOf(violations: readonly Finding[]): readonly string[] {
  const mends = new Map(violations.map(({ rule, fix }) => [rule, fix]));
  return mends.size === 0 ? [] : ["What mends it", columns([...mends]), ""];
}

/** How many of each kind, and what follows. */
export function conclusion(findings: readonly Finding[], stack: string): string {
  const refusals = findings.filter(refuses).length;
  const count = (status: Finding["status"]) => findings.filter((finding) => finding.status === status).length;
  const counted = [
    [refusals, "mandatory"],
    [count("violation") - refusals, "advisory"],
    [count("excepted"), "excepted"],
    [count("undecided"), "undecided"],
  ] as const;
  const said = counted.filter(([number]) => number > 0).map(([number, kind]) => `${number} ${kind}`);
  const found = `Policies: ${said.length === 0 ? "nothing found" : said.join(", ")}.`;
  return refusals === 0 ? found : `${found} \`up\` of stack ${stack} would be refused now.`;
}

/** @throws Fault listing every mandatory violation, with what mends it. */
export function refuseViolations(plan: Plan, now = new Date()): void {
  const refusals = evaluatePlan(plan, { now }).filter(refuses);
  if (refusals.length === 0) return;
  throw new Fault(
    [
      `The policies refuse stack ${plan.stack}: ${refusals.length === 1 ? "1 violation" : `${refusals.length} violations`}.`,
      ...refusals.map(({ rule, resource, message }) => `  - ${rule}: ${resource}: ${message}`),
      ...mendsOf(refusals),
      `An exception with an end can be added to Pulumi.${plan.stack}.yaml: docs/POLICIES.md says how.`,
    ].join("\n"),
  );
}
