import type Docker from "dockerode";

import type { Engine, Say } from "../engine/engine.ts";
import { messageOf } from "../engine/fault.ts";
import { recordGates } from "../engine/records.ts";
import { planStack } from "../engine/stack-plan.ts";
import { publishStatusPage } from "../engine/status-page.ts";
import { PHASES, type PhaseVerdict } from "../plan/phase.ts";
import type { Plan } from "../plan/plan.ts";

/**
 * Brings the verdicts in an engine's outputs up to date: evidence is taken after the engine wrote them. Nothing happens
 * while every task's status is as it was, whatever was measured.
 */
export async function publishVerdicts(
  engine: Engine,
  { root, stack }: { root: string; stack: string },
  say: Say,
): Promise<void> {
  if (engine.outputs === undefined) return;
  const plan = await planStack(stack, { root });
  if (verdictsIn(plan.outputs) === verdictsIn(await engine.outputs(false))) return;
  say("writing the verdicts to the stack's outputs");
  await engine.up(plan, say);
}

/**
 * Writes the status page anew, and the verdicts into the stack's own database. What keeps them from being written is
 * said, and undoes nothing of what was measured.
 */
export async function publishFindings(
  { root, docker, plan: { stack } }: { root: string; docker: Docker; plan: Pick<Plan, "stack"> },
  say: Say,
): Promise<void> {
  const plan = await planStack(stack, { root });
  const now = new Date();
  const phases = PHASES.map((_title, number) => plan.outputs[`phase${number}`] as unknown as PhaseVerdict);
  await Promise.all([
    publishStatusPage({ root, docker, plan, now }).catch((error: unknown) =>
      say(`the status page was not written: ${messageOf(error)}`),
    ),
    recordGates({ docker, plan, phases, now }).catch((error: unknown) =>
      say(`the verdicts were not recorded in the database: ${messageOf(error)}`),
    ),
  ]);
}

/** The status of every task of every phase. */
export function verdictsIn(outputs: { readonly [name: string]: unknown }): string {
  return PHASES.map((_title, number) => {
    const { verdict, tasks = [] } = (outputs[`phase${number}`] ?? {}) as Partial<PhaseVerdict>;
    return [verdict, ...tasks.map(({ id, status }) => `${id}=${status}`)].join(" ");
  }).join("\n");
}
