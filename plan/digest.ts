import { createHash } from "node:crypto";

import { type Plan, TYPES } from "./plan.ts";

/** JSON with object keys sorted, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Hexadecimal SHA-256 of the canonical JSON of a value. */
export function digestOf(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

/**
 * Digest of what a plan makes. Phases and stack outputs are left out: they hold verdicts on evidence that names this
 * digest, so counting them would make every piece of evidence stale by being written.
 */
export function planDigest(plan: Plan): string {
  return digestOf(plan.resources.filter(({ type }) => type !== TYPES.phase && type !== TYPES.stack));
}
