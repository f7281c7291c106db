import type { Evidence } from "./evidence.ts";
import type { GateFacts } from "./facts.ts";
import { MAKERS, recordPath } from "./records/record.ts";
import { itemTasks, type Task } from "./task.ts";

/** Days for which a decision counts, unless said otherwise: a quarter. */
export const DECISION_TTL_DAYS = 92;

/** A person's answer to a task that people decide. */
export interface Decision {
  readonly name: string;
  readonly role: string;
  /** Does the claim hold, in this person's eyes? */
  readonly yes: boolean;
  /** What they looked at. */
  readonly saw: string;
  readonly ttlDays: number;
}

/**
 * A decision as evidence, unsigned; bound to the sources of today, or to the record that is signed.
 *
 * @throws Error saying why this person can't decide this task now.
 */
export function decisionEvidence(task: Task, decision: Decision, facts: GateFacts, now: Date): Evidence {
  const { name, role, yes, saw, ttlDays } = decision;
  if (task.kind !== "sign-off") throw new Error(`task ${task.id} is decided by a ${task.kind}, not by a person`);
  const items = itemTasks(task);
  if (items.length > 0)
    throw new Error(`task ${task.id} is decided item by item: ${items.map(({ id }) => id).join(", ")}`);
  if (facts.commit === "") throw new Error("there is no commit to decide on; a decision is bound to one");
  if (task.owner !== "All" && role !== task.owner)
    throw new Error(`task ${task.id} is decided by role ${task.owner}; got ${role}`);
  const path = task.record === undefined ? undefined : recordPath(facts.stack, task.record);
  const digest = path === undefined ? undefined : facts.files[path];
  if (path !== undefined && digest === undefined)
    throw new Error(
      `task ${task.id} signs ${path}, which is not there; make it with \`npm run platform -- ${MAKERS[task.record ?? "review"]} --stack ${facts.stack}\``,
    );
  return {
    task: task.id,
    stack: facts.stack,
    holds: yes,
    measured: { decision: yes ? "yes" : "no" },
    limit: task.must,
    at: now.toISOString(),
    ttlDays,
    commit: facts.commit,
    planDigest: facts.planDigest,
    files: path === undefined || digest === undefined ? {} : { [path]: digest },
    detail: saw,
    by: { name, role },
  };
}
