import { z } from "zod";

import { findSealFault, sealSchema, type Signer } from "./seal.ts";

/** One measurement of one task on one stack, or a person's decision on it. */
export const evidenceSchema = z.strictObject({
  /** Id of a task, or of an item of one. */
  task: z.string().regex(/^\d\.\d+(\.[a-z][a-z0-9-]*)?$/),
  stack: z.string().min(1),
  /** Did the claim hold? Of a decision: is it yes? */
  holds: z.boolean(),
  /** What was found, and what was allowed; any JSON, never a secret. */
  measured: z.json(),
  limit: z.json(),
  /** When, ISO 8601 in UTC. */
  at: z.iso.datetime(),
  /** Days for which it counts. */
  ttlDays: z.number().positive(),
  /** Commit of the sources it was taken with; empty outside a repository. */
  commit: z.string(),
  /** Digest of the plan it was taken from. */
  planDigest: z.string(),
  /** SHA-256 of each file that was exercised. */
  files: z.record(z.string(), z.string()),
  /** One sentence for a person. Of a decision: what was seen. */
  detail: z.string().min(1),
  /** Who decided, and as what; absent in a measurement. */
  by: z.strictObject({ name: z.string().min(1), role: z.string().min(1) }).optional(),
  /** Absent, it counts for nothing. */
  seal: sealSchema.optional(),
});

export type Evidence = z.output<typeof evidenceSchema>;

const DAY_MS = 24 * 60 * 60 * 1000;
/** Clocks of two machines differ; more than this is a fault. */
const CLOCK_TOLERANCE_MS = 5 * 60 * 1000;

/** What evidence is held against. */
export interface Current {
  readonly planDigest: string;
  /** Commit that last changed anything but evidence; empty outside a repository. */
  readonly commit: string;
  readonly files: { readonly [path: string]: string };
  readonly signers: readonly Signer[];
}

/** What a task's evidence must be of, besides being signed and in time. */
export interface Bounds {
  /** The plan of today. */
  readonly plan: boolean;
  /** The sources of today. */
  readonly commit: boolean;
}

/** When a piece of evidence stops counting, in milliseconds since 1970. */
export function expiresAt({ at, ttlDays }: Pick<Evidence, "at" | "ttlDays">): number {
  return Date.parse(at) + ttlDays * DAY_MS;
}

/** What makes a piece of evidence count for nothing now, or undefined. Its dates are absolute: outputs carry no clock. */
export function findStaleness(evidence: Evidence, current: Current, now: Date, bounds: Bounds): string | undefined {
  const { at } = evidence;
  const seal = findSealFault(evidence, current.signers);
  if (seal !== undefined) return `evidence of ${at} ${seal}`;
  if (Date.parse(at) > now.getTime() + CLOCK_TOLERANCE_MS)
    return `evidence is from the future (${at}); set this machine's clock`;
  if (expiresAt(evidence) < now.getTime())
    return `evidence of ${at} counted until ${new Date(expiresAt(evidence)).toISOString()}`;
  if (bounds.commit && (evidence.commit === "" || evidence.commit !== current.commit))
    return `evidence of ${at} is of ${commitWord(evidence.commit)}, and the sources are of ${commitWord(current.commit)}`;
  if (bounds.plan && evidence.planDigest !== current.planDigest) return `evidence of ${at} is of another plan`;
  const changed = Object.entries(evidence.files).filter(([path, digest]) => current.files[path] !== digest);
  if (changed.length > 0) return `changed since the evidence of ${at}: ${changed.map(([path]) => path).join(", ")}`;
  return undefined;
}

function commitWord(commit: string): string {
  return commit === "" ? "no commit" : `commit ${commit.slice(0, 12)}`;
}
