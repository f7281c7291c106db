import { z } from "zod";

import { findSealFault, sealSchema, type Signer } from "../seal.ts";

/** Documents about a stack that people read and sign; kept beside its evidence, as data with a page for people. */
export const RECORDS = ["review", "next", "lessons", "sla"] as const;
export type RecordKind = (typeof RECORDS)[number];

/** Path of a record below the project's folder; its page is beside it, with `.md`. */
export function recordPath(stack: string, kind: RecordKind): string {
  return `evidence/${stack}/records/${kind}.json`;
}

/** The command that makes a record. */
export const MAKERS: { readonly [kind in RecordKind]: string } = {
  review: "review",
  next: "review --next",
  lessons: "lessons add",
  sla: "sla",
};

const day = z.iso.date();
const head = { stack: z.string().min(1), /** When it was made, ISO 8601 in UTC. */ at: z.iso.datetime() };
const sealOf = { seal: sealSchema.optional() };

/** What changes when a lesson is taken seriously. */
const action = z.strictObject({
  what: z.string().min(3),
  owner: z.string().min(1),
  /** Last day, in UTC. */
  due: day,
  done: z.strictObject({ on: day, how: z.string().min(3) }).optional(),
});

const lesson = z.strictObject({
  /** `L1`, `L2`, …: permanent. */
  id: z.string().regex(/^L[1-9]\d*$/),
  on: day,
  /** What happened. */
  what: z.string().min(3),
  /** Why it could. */
  why: z.string().min(3),
  action,
});

export const lessonsSchema = z.strictObject({
  kind: z.literal("lessons"),
  ...head,
  lessons: z.array(lesson).min(1),
  ...sealOf,
});

/** A thing to do, with what says so. */
const item = z.strictObject({
  from: z.enum(["task", "lesson", "exception", "evidence", "odoosh", "enterprise"]),
  /** Id or name of what says so. */
  id: z.string().min(1),
  what: z.string().min(1),
  why: z.string().min(1),
  owner: z.string().min(1),
  /** Day after which it is late, in UTC. */
  until: day.optional(),
});

export const nextSchema = z.strictObject({ kind: z.literal("next"), ...head, items: z.array(item), ...sealOf });

export const reviewSchema = z.strictObject({
  kind: z.literal("review"),
  ...head,
  /** First and last day of the quarter. */
  from: day,
  to: day,
  phases: z.array(
    z.strictObject({
      phase: z.int(),
      title: z.string(),
      verdict: z.string(),
      passed: z.int(),
      total: z.int(),
      open: z.array(z.strictObject({ id: z.string(), status: z.string(), detail: z.string() })),
    }),
  ),
  /** Restores and drills: what was measured last. */
  recovery: z.array(z.strictObject({ task: z.string(), at: z.iso.datetime(), holds: z.boolean(), detail: z.string() })),
  /** Percent by weight. */
  parity: z.strictObject({ odoosh: z.number(), enterprise: z.number() }),
  exceptions: z.array(
    z.strictObject({ rule: z.string(), resource: z.string(), reason: z.string(), until: z.string() }),
  ),
  /** Evidence that stops counting in the quarter to come. */
  expiring: z.array(z.strictObject({ task: z.string(), until: day })),
  /** Pinned dependencies by the days for which nobody changed the pin, the oldest first. */
  pins: z.array(z.strictObject({ name: z.string(), version: z.string(), days: z.int() })),
  /** Actions of lessons that are not done. */
  actions: z.array(z.strictObject({ id: z.string(), ...action.shape })),
  ...sealOf,
});

export const slaSchema = z.strictObject({
  kind: z.literal("sla"),
  ...head,
  /** What was looked back on. */
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  terms: z
    .array(z.strictObject({ term: z.string(), agreed: z.string(), measured: z.string(), met: z.boolean() }))
    .min(1),
  /** When Odoo did not answer. */
  outages: z.array(z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime() })),
  /** When the drill was, whose figures these are. */
  drilled: z.iso.datetime().optional(),
  ...sealOf,
});

export const recordSchema = z.discriminatedUnion("kind", [reviewSchema, nextSchema, lessonsSchema, slaSchema]);

export type Lessons = z.output<typeof lessonsSchema>;
export type Lesson = z.output<typeof lesson>;
export type Next = z.output<typeof nextSchema>;
export type NextItem = z.output<typeof item>;
export type Review = z.output<typeof reviewSchema>;
export type Sla = z.output<typeof slaSchema>;
export type StackRecord = z.output<typeof recordSchema>;

/** Days for which a review or a plan is news; lessons stay. */
const NEWS_DAYS = 31;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Why nobody can sign this record now, or undefined: edited by hand, of another stack, old, late, or not met. */
export function findRecordFault(
  record: StackRecord,
  { stack, signers, now }: { readonly stack: string; readonly signers: readonly Signer[]; readonly now: Date },
): string | undefined {
  const seal = findSealFault(record, signers);
  if (seal !== undefined) return seal;
  if (record.stack !== stack) return `is of stack ${record.stack}`;
  const age = (now.getTime() - Date.parse(record.at)) / DAY_MS;
  if (record.kind !== "lessons" && age > NEWS_DAYS) return `is of ${record.at}, and counts for ${NEWS_DAYS} days`;
  if (record.kind === "sla") {
    const missed = record.terms.filter(({ met }) => !met);
    return missed.length === 0
      ? undefined
      : `does not meet what was agreed: ${missed.map(({ term }) => term).join(", ")}`;
  }
  if (record.kind !== "lessons") return undefined;
  const late = record.lessons.filter(({ action: { done, due } }) => done === undefined && isPast(due, now));
  return late.length === 0 ? undefined : `has late actions: ${late.map(({ id }) => id).join(", ")}`;
}

/** Is this day, in UTC, over? */
export function isPast(date: string, now: Date): boolean {
  return Date.parse(date) + DAY_MS <= now.getTime();
}
