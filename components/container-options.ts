/** Command of a health check that holds where this URL answers well. */
export function answersAt(url: string, ...options: readonly string[]): readonly string[] {
  return ["curl", "-fsS", "-o", "/dev/null", ...options, url];
}

/** Seconds that a health check takes longer once the last one held. */
export const REST_SECONDS = 15;

const SELDOM = [
  'held=$1 seconds=$2; shift 2; timeout "$seconds" "$@" || { rm -f "$held"; exit 1; }',
  `[ ! -e "$held" ] || exec sleep ${REST_SECONDS}`,
  ': >"$held"',
].join("; ");

/**
 * A health check that is quick until it holds and rests after it did, so that a stack starts soon and costs little while
 * it runs: each check costs the Engine 60 ms of a processor, and two dozen services asked every few seconds an eighth of
 * two of them. Engines before 25 know no other interval for the start (`start_interval`).
 *
 * @param held file that is there while checks hold.
 */
export function seldomOnceWell(
  command: readonly string[],
  timeoutSeconds: number,
  held = "/tmp/.healthy",
): readonly string[] {
  return ["sh", "-c", SELDOM, "sh", held, String(timeoutSeconds), ...command];
}

/** Options of a tmpfs that belongs to a numeric `uid:gid`. */
export function ownedBy(user: string): string {
  const [uid, gid] = user.split(":");
  return `uid=${uid},gid=${gid}`;
}

/** As Go writes a duration, which is how the provider reads it back: `1m0s`; anything else is a difference for ever. */
export function duration(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}

/** As the provider reads it back: `2.0`, `1.5`, `0.25`; anything else replaces the container at every update. */
export function cpus(count: number): string {
  return Number.isInteger(count) ? count.toFixed(1) : String(count);
}
