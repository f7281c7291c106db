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
 * Build arguments that follow from the machine that builds, such as a base with the company's own CA in it. They change
 * neither an image's tag nor what is in it, and differ from machine to machine.
 */
const HOST_BUILD_ARGS: readonly string[] = ["BUILD_BASE"];

/** A value without the build arguments that follow from the machine that builds, at any depth. */
export function withoutHostBuildArgs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutHostBuildArgs);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      HOST_BUILD_ARGS.includes(key) ? [] : [[key, withoutHostBuildArgs(inner)]],
    ),
  );
}

/**
 * Digest of what a plan makes. Phases and stack outputs are left out: they hold verdicts on evidence that names this
 * digest, so counting them would make every piece of evidence stale by being written. So are build arguments of the
 * machine: what was measured on one is true on another.
 */
export function planDigest(plan: Plan): string {
  const made = plan.resources.filter(({ type }) => type !== TYPES.phase && type !== TYPES.stack);
  return digestOf(withoutHostBuildArgs(made));
}
