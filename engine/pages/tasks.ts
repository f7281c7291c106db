import { createHash } from "node:crypto";

import type { Evidence } from "../../gates/evidence.ts";
import type { GateFacts } from "../../gates/facts.ts";
import { gateFacts } from "../../gates/json.ts";
import { taskFiles, TASKS } from "../../gates/tasks.ts";
import { decide, overall } from "../../gates/verdict.ts";
import type { PhaseVerdict, TaskVerdict } from "../../plan/phase.ts";
import { type Inputs, ofNoMachine } from "../../stacks/inputs.ts";
import { planStack } from "../stack-plan.ts";
import { cellOf } from "./markdown.ts";
import type { Sources } from "./page.ts";
import { linkTo, named, page } from "./spec.ts";

/** The stack whose evidence is committed for good, and which the master plan is about. */
const STACK = "prod";

/**
 * tasks.md: the master plan with true statuses, judged from the evidence of prod that is committed.
 *
 * The time of judging is that of the newest piece, so that a day later the page is the same; and no time is on it, so
 * that measuring again what still holds doesn't change it.
 */
export async function tasksText(root: string, { files, read }: Sources): Promise<string> {
  // As they will be once this run has written them: evidence of a page that changes is stale from then on.
  const there = taskFiles().filter((path) => files.includes(path));
  const digests = Object.fromEntries(there.map((path) => [path, textDigest(read(path))]));
  const override = (inputs: Inputs): Inputs => ({ ...ofNoMachine(inputs), files: digests });
  return renderTasks(gateFacts(await planStack(STACK, { root, override })), files);
}

/** The page's beginning: all that other pages tell of it. */
export function tasksLead(stack = STACK): string {
  return page("Tasks", [
    `Every task of the plan with its status for the stack ${stack}. Statuses are decided from the evidence that is committed under \`evidence/${stack}/\`, as it stood when its newest piece was taken; \`npm run platform -- gate --stack ${stack}\` decides with today's clock.`,
  ]);
}

/** The page of what was decided from these facts. */
export function renderTasks(facts: GateFacts, files: readonly string[]): string {
  const phases = decide(TASKS, facts, newest(facts.evidence));
  const evidence = new Set(facts.evidence.map(({ task }) => task));
  return [
    tasksLead(facts.stack),
    "| Phase | | Status | Passed |",
    "|---|---|---|---|",
    ...phases.map(
      ({ phase, title, verdict, passed, total }) => `| ${phase} | ${title} | ${verdict} | ${passed}/${total} |`,
    ),
    `| | Overall | ${overall(phases)} | ${sum(phases, "passed")}/${sum(phases, "total")} |`,
    ...phases.flatMap(({ phase, title, verdict, passed, total, tasks }) => [
      "",
      `## Phase ${phase}: ${title} (${verdict}, ${passed}/${total})`,
      "",
      "| # | Task | Owner | The plan names | Status | Finding | Evidence |",
      "|---|---|---|---|---|---|---|",
      ...tasks.map((task) => row(task, facts.stack, files, evidence)),
    ]),
    "",
  ].join("\n");
}

function row(
  { id, title, owner, status, detail }: TaskVerdict,
  stack: string,
  files: readonly string[],
  evidence: ReadonlySet<string>,
): string {
  const proof = evidence.has(id) ? linkTo(`evidence/${stack}/${id}.json`) : "";
  return `| ${id} | ${cellOf(title)} | ${owner} | ${named(id, files)} | ${status} | ${cellOf(detail)} | ${proof} |`;
}

function textDigest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function newest(evidence: readonly Evidence[]): Date {
  return new Date(Math.max(0, ...evidence.map(({ at }) => Date.parse(at))));
}

function sum(phases: readonly PhaseVerdict[], key: "passed" | "total"): number {
  return phases.reduce((total, phase) => total + phase[key], 0);
}
