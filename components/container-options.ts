/** Command of a health check that holds where this URL answers well. */
export function answersAt(url: string, ...options: readonly string[]): readonly string[] {
  return ["curl", "-fsS", "-o", "/dev/null", ...options, url];
}

/** Options of a tmpfs that belongs to a numeric `uid:gid`. */
export function ownedBy(user: string): string {
  const [uid, gid] = user.split(":");
  return `uid=${uid},gid=${gid}`;
}
