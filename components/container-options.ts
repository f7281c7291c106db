/** Command of a health check that holds where this URL answers well. */
export function answersAt(url: string, ...options: readonly string[]): readonly string[] {
  return ["curl", "-fsS", "-o", "/dev/null", ...options, url];
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
