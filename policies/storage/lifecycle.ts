import type { Reading } from "../subject.ts";

/** What rules of a life cycle delete, and after how many days. */
export function endings(rules: readonly Reading[]): readonly (readonly [what: string, days: number])[] {
  return rules.flatMap((rule) => [
    ...ending("versions", rule.at("noncurrentVersionExpiration").at("noncurrentDays").number),
    ...ending("objects", rule.at("expiration").at("days").number),
  ]);
}

function ending(what: string, days: number | undefined): readonly (readonly [string, number])[] {
  return days === undefined ? [] : [[what, days]];
}
