import type { ChangedResource, InputChange, OtherResource, PhaseChange, PlanDiff } from "./diff.ts";
import type { ComparedFinding, FindingsDiff } from "./diff-findings.ts";
import { cell } from "./markdown.ts";
import type { Effect } from "./provider-facts.ts";

/** Longest value that is shown whole. */
const LONGEST = 160;

const EFFECTS: { readonly [effect in Effect]: string } = {
  replace: "replaces it",
  update: "in place",
  ignore: "recorded, not applied by Pulumi's provider",
  unknown: "only the provider knows",
};

/** What differs between two plans, and what policies say of it. */
export interface ReviewedDiff extends PlanDiff {
  readonly findings: FindingsDiff;
}

/** What differs, for a terminal. */
export function diffText(diff: ReviewedDiff, ref: string): string {
  const { added, changed, removed, phases, findings } = diff;
  const finding = (sign: string) => (one: ComparedFinding) =>
    `  ${sign} ${levelOf(one)} ${one.rule}: ${one.resource}: ${one.message}; ${one.fix}`;
  const judged = [...findings.found.map(finding("!")), ...findings.mended.map(finding("mended:"))];
  const changes = changed.flatMap((one) => [
    `  ~ ${titleOf(one)}${one.replaced === "no" ? "" : ` (replaced: ${one.replaced})`}`,
    ...one.inputs.map((input) => `      ${input.input} (${EFFECTS[input.effect]}): ${valuesOf(input)}`),
    ...warningsOf(one).map((warning) => `      ! ${warning}`),
  ]);
  const gone = removed.flatMap((one) => [
    `  - ${titleOf(one)}`,
    ...warningsOf(one).map((warning) => `      ! ${warning}`),
  ]);
  const statuses = phases.flatMap(({ phase, title, before, after, tasks }) => [
    `  Phase ${phase} ${title}: ${before === after ? after : `${before} → ${after}`}`,
    ...tasks.map((task) => `      ${task.id} ${task.title}: ${task.before} → ${task.after}; ${task.detail}`),
  ]);
  return [
    `Stack ${diff.stack}, against ${ref}: ${summaryOf(diff)}`,
    ...(added.length > 0 ? ["", "Added", ...added.map((one) => `  + ${titleOf(one)}`)] : []),
    ...(changed.length > 0 ? ["", "Changed", ...changes] : []),
    ...(removed.length > 0 ? ["", "Removed", ...gone] : []),
    ...(judged.length > 0 ? ["", "Policies", ...judged] : []),
    ...(phases.length > 0 ? ["", "Phases", ...statuses] : []),
  ].join("\n");
}

/** What differs, for a pull request: first what can lose data, then everything. */
export function diffMarkdown(diff: ReviewedDiff, ref: string): string {
  const { added, changed, removed, phases, findings } = diff;
  const risky = [...changed, ...removed].flatMap((one) => warningsOf(one).map((warning) => [titleOf(one), warning]));
  return [
    `## Plan of stack ${cell(diff.stack)} against ${cell(ref)}`,
    "",
    `${summaryOf(diff)}.`,
    ...table("Data at risk", ["Resource", "What is lost"], risky),
    ...table("New findings of the policies", FINDING, findings.found.map(findingRow)),
    ...table("Mended findings", FINDING, findings.mended.map(findingRow)),
    ...table("Changed", ["Resource", "Input", "Effect", "Before", "After"], changed.flatMap(changeRows)),
    ...table(
      "Added",
      ["Type", "Name"],
      added.map(({ type, name }) => [type, name]),
    ),
    ...table(
      "Removed",
      ["Type", "Name"],
      removed.map(({ type, name }) => [type, name]),
    ),
    ...table("Phases", ["Phase", "Before", "After", ""], phases.flatMap(phaseRows)),
  ].join("\n");
}

const FINDING = ["Level", "Rule", "Resource", "Finding", "What mends it"];

function findingRow(one: ComparedFinding): string[] {
  return [levelOf(one), one.rule, one.resource, one.message, one.fix];
}

/** An excepted or undecided finding is called so: it refuses nothing. */
function levelOf({ level, status }: ComparedFinding): string {
  return status === "violation" ? level : status;
}

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return ["", `### ${title}`, "", line(head), line(head.map(() => "---")), ...rows.map((row) => line(row.map(cell)))];
}

function changeRows(one: ChangedResource): string[][] {
  return one.inputs.map((input, index) => [
    index === 0 ? titleOf(one) : "",
    input.input,
    EFFECTS[input.effect],
    input.before.map(short).join(", "),
    input.after.map(short).join(", "),
  ]);
}

function phaseRows({ phase, title, before, after, tasks }: PhaseChange): string[][] {
  return [
    [`${phase} ${title}`, before, after, ""],
    ...tasks.map((task) => [`${task.id} ${task.title}`, task.before, task.after, task.detail]),
  ];
}

function summaryOf({ added, changed, removed, phases, findings }: ReviewedDiff): string {
  const judged = findings.found.length + findings.mended.length;
  if (added.length + changed.length + removed.length + phases.length + judged === 0) return "nothing changes";
  const replaced = changed.filter((one) => one.replaced === "yes").length;
  const unknown = changed.filter((one) => one.replaced === "unknown").length;
  return [
    `${added.length} added`,
    `${changed.length} changed${replaced + unknown === 0 ? "" : ` (${replaced} replaced${unknown === 0 ? "" : `, ${unknown} unknown`})`}`,
    `${removed.length} removed`,
    ...(judged === 0 ? [] : [`${findings.found.length} findings new, ${findings.mended.length} mended`]),
    `${phases.length} ${phases.length === 1 ? "phase" : "phases"} changed`,
  ].join(", ");
}

function titleOf({ type, name }: OtherResource): string {
  return `${type.split(":").at(-1) ?? type} ${name}`;
}

/** What a reviewer must not overlook. */
function warningsOf(one: OtherResource & Partial<Pick<ChangedResource, "lost">>): string[] {
  const keeps = { protect: "is no longer protected", retainOnDelete: "is no longer kept when it is deleted" };
  return [...(one.risk === undefined ? [] : [one.risk]), ...(one.lost ?? []).map((kept) => keeps[kept])];
}

function valuesOf({ before, after }: InputChange): string {
  const side = (values: readonly string[]) => (values.length === 0 ? "nothing" : values.map(short).join(", "));
  return `${side(before)} → ${side(after)}`;
}

function short(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
