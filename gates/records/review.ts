import type { PhaseVerdict } from "../../plan/phase.ts";
import { expiresAt } from "../evidence.ts";
import type { GateFacts } from "../facts.ts";
import type { Lessons, Review } from "./record.ts";

/** Tasks that measure how the company comes back. */
const RECOVERY = ["1.5", "1.8", "4.3", "5.4"];
const DAY_MS = 24 * 60 * 60 * 1000;
/** Days of the quarter to come. */
export const AHEAD_DAYS = 92;

/** What a review is made from, besides the verdicts. */
export interface ReviewFacts {
  readonly gate: Pick<GateFacts, "stack" | "evidence">;
  readonly phases: readonly PhaseVerdict[];
  readonly parity: Review["parity"];
  readonly exceptions: Review["exceptions"];
  readonly pins: Review["pins"];
  readonly lessons: Lessons | undefined;
}

/** First and last day, in UTC, of a quarter written as `2026-Q4`. */
export function quarterDays(quarter: string): { from: string; to: string } {
  const [, year, number] = /^(\d{4})-Q([1-4])$/.exec(quarter) ?? [];
  if (year === undefined || number === undefined) throw new Error(`a quarter is written as 2026-Q4; got ${quarter}`);
  const first = (Number(number) - 1) * 3;
  return {
    from: dayOf(new Date(Date.UTC(Number(year), first, 1))),
    to: dayOf(new Date(Date.UTC(Number(year), first + 3, 0))),
  };
}

/** The quarter that a day lies in. */
export function quarterOf(now: Date): string {
  return `${now.getUTCFullYear()}-Q${Math.floor(now.getUTCMonth() / 3) + 1}`;
}

/** The quarter before the one that a day lies in. */
export function quarterBefore(now: Date): string {
  return quarterOf(new Date(Date.UTC(now.getUTCFullYear(), Math.floor(now.getUTCMonth() / 3) * 3, 0)));
}

/**
 * What people look at once a quarter: what holds, what was restored, what is missing, who answers for what until when, and
 * what nobody touched. Unsigned.
 */
export function composeReview(
  { gate, phases, parity, exceptions, pins, lessons }: ReviewFacts,
  quarter: string,
  now: Date,
): Review {
  return {
    kind: "review",
    stack: gate.stack,
    at: now.toISOString(),
    ...quarterDays(quarter),
    phases: phases.map(({ phase, title, verdict, passed, total, tasks }) => ({
      ...{ phase, title, verdict, passed, total },
      open: tasks.filter(({ status }) => status !== "GO").map(({ id, status, detail }) => ({ id, status, detail })),
    })),
    recovery: gate.evidence
      .filter(({ task }) => RECOVERY.includes(task))
      .map(({ task, at, holds, detail }) => ({ task, at, holds, detail })),
    parity,
    exceptions,
    expiring: expiring(gate.evidence, now),
    pins: [...pins].sort((a, b) => b.days - a.days),
    actions: openActions(lessons).map(({ id, action }) => ({ id, ...action })),
  };
}

/** Evidence that counts now and stops counting in the quarter to come, the first to end first. */
export function expiring(evidence: GateFacts["evidence"], now: Date): Review["expiring"] {
  return evidence
    .map((piece) => ({ task: piece.task, ends: expiresAt(piece) }))
    .filter(({ ends }) => ends > now.getTime() && ends < now.getTime() + AHEAD_DAYS * DAY_MS)
    .sort((a, b) => a.ends - b.ends)
    .map(({ task, ends }) => ({ task, until: dayOf(new Date(ends)) }));
}

/** Lessons whose action is not done, the first to be late first. */
export function openActions(lessons: Lessons | undefined): Lessons["lessons"] {
  return (lessons?.lessons ?? [])
    .filter(({ action }) => action.done === undefined)
    .sort((a, b) => a.action.due.localeCompare(b.action.due));
}

/** `YYYY-MM-DD` in UTC. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
