import { z } from "zod";

import { type Evidence, evidenceSchema } from "./evidence.ts";
import type { GateFacts } from "./facts.ts";
import { findSealFault, sealSchema } from "./seal.ts";
import { claimsOf, type Task } from "./task.ts";
import { findWorthlessness } from "./verdict.ts";

/** All evidence of one phase of one stack, signed as a whole, to be kept in git. */
export const bundleSchema = z.strictObject({
  stack: z.string().min(1),
  phase: z.int().min(0),
  /** When it was put together, ISO 8601 in UTC. */
  at: z.iso.datetime(),
  commit: z.string(),
  planDigest: z.string(),
  /** In the order of the plan. */
  evidence: z.array(evidenceSchema).min(1),
  seal: sealSchema.optional(),
});

export type Bundle = z.output<typeof bundleSchema>;

/** The row of the plan that a committed bundle answers; it can't hold evidence of itself. */
export const BUNDLE_TASK = "2.10";

/**
 * Puts the evidence of a phase together, unsigned.
 *
 * @throws Error naming every task whose evidence is missing, counts for nothing or doesn't hold: what is committed is proof.
 */
export function composeBundle(tasks: readonly Task[], phase: number, facts: GateFacts, now: Date): Bundle {
  const found = bundled(tasks).map((task) => ({ task, own: facts.evidence.filter((piece) => piece.task === task.id) }));
  const faults = found.flatMap(({ task, own }) => findPieceFaults(task, own, facts, now));
  if (found.length === 0) throw new Error(`phase ${phase} has no task that evidence decides`);
  if (faults.length > 0) throw new Error(faults.join("; "));
  const { stack, commit, planDigest } = facts;
  return { stack, phase, at: now.toISOString(), commit, planDigest, evidence: found.flatMap(({ own }) => own) };
}

/** What is wrong with a committed bundle as proof of today's plan, one sentence each. */
export function findBundleFaults(
  bundle: Bundle,
  { tasks, phase, facts, now }: { tasks: readonly Task[]; phase: number; facts: GateFacts; now: Date },
): string[] {
  const seal = findSealFault(bundle, facts.signers);
  if (seal !== undefined) return [`the bundle ${seal}`];
  if (bundle.stack !== facts.stack) return [`the bundle is of stack ${bundle.stack}`];
  if (bundle.phase !== phase) return [`the bundle is of phase ${bundle.phase}`];
  if (bundle.planDigest !== facts.planDigest) return [`the bundle of ${bundle.at} is of another plan`];
  const known = bundled(tasks).map(({ id }) => id as string);
  const strange = bundle.evidence.filter(({ task }) => !known.includes(task));
  return [
    ...strange.map(({ task }) => `${task} is no task of phase ${phase} that evidence decides`),
    ...bundled(tasks).flatMap((task) => {
      return findPieceFaults(
        task,
        bundle.evidence.filter((piece) => piece.task === task.id),
        facts,
        now,
      );
    }),
  ];
}

function bundled(tasks: readonly Task[]): Task[] {
  return tasks.filter(({ id, kind }) => kind !== "plan" && id !== BUNDLE_TASK).flatMap(claimsOf);
}

function findPieceFaults(task: Task, own: readonly Evidence[], facts: GateFacts, now: Date): string[] {
  const [piece] = own;
  if (piece === undefined) return [`${task.id} has no evidence`];
  if (own.length > 1) return [`${task.id} has ${own.length} pieces of evidence`];
  const nothing = findWorthlessness(task, piece, facts, now);
  if (nothing !== undefined) return [`${task.id}: ${nothing}`];
  return piece.holds ? [] : [`${task.id} does not hold: ${piece.detail}`];
}
