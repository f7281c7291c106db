import { z } from "zod";

/** One measurement of one task on one stack. */
export const evidenceSchema = z.strictObject({
  task: z.string().regex(/^\d\.\d+$/),
  stack: z.string().min(1),
  /** Did the claim hold? */
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
  /** One sentence for a person. */
  detail: z.string().min(1),
});

export type Evidence = z.output<typeof evidenceSchema>;

const DAY_MS = 24 * 60 * 60 * 1000;
/** Clocks of two machines differ; more than this is a fault. */
const CLOCK_TOLERANCE_MS = 5 * 60 * 1000;

/** When a piece of evidence stops counting, in milliseconds since 1970. */
export function expiresAt({ at, ttlDays }: Pick<Evidence, "at" | "ttlDays">): number {
  return Date.parse(at) + ttlDays * DAY_MS;
}

/** What makes a piece of evidence count for nothing now, or undefined. Its dates are absolute: outputs carry no clock. */
export function findStaleness(
  evidence: Evidence,
  current: { readonly planDigest: string; readonly files: { readonly [path: string]: string } },
  now: Date,
  boundToPlan: boolean,
): string | undefined {
  if (Date.parse(evidence.at) > now.getTime() + CLOCK_TOLERANCE_MS)
    return `evidence is from the future (${evidence.at}); set this machine's clock`;
  if (expiresAt(evidence) < now.getTime())
    return `evidence of ${evidence.at} counted until ${new Date(expiresAt(evidence)).toISOString()}`;
  if (boundToPlan && evidence.planDigest !== current.planDigest) return `evidence of ${evidence.at} is of another plan`;
  const changed = Object.entries(evidence.files).filter(([path, digest]) => current.files[path] !== digest);
  if (changed.length > 0)
    return `changed since the evidence of ${evidence.at}: ${changed.map(([path]) => path).join(", ")}`;
  return undefined;
}
