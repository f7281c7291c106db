import type { Look } from "./look.ts";

/** A finding that somebody answers for, until a day. */
export interface Exception {
  /** Id of the rule. */
  readonly rule: string;
  /** Name of the resource. */
  readonly resource: string;
  readonly reason: string;
  /** Last day on which it counts, `YYYY-MM-DD` in UTC. */
  readonly until: string;
}

/** The exceptions that the program registers for its stack. */
export function exceptionsOf(look: Look): readonly Exception[] {
  const items = look.terms?.read("exceptions").items ?? [];
  return items.map((item) => ({
    rule: item.at("rule").word,
    resource: item.at("resource").word,
    reason: item.at("reason").word,
    until: item.at("until").word,
  }));
}

/** Why an exception doesn't count; undefined where it does. */
export function findFlaw(
  { rule, reason, until }: Exception,
  now: Date,
  ruleIds: ReadonlySet<string>,
): string | undefined {
  if (!ruleIds.has(rule)) return `there is no rule ${rule === "" ? "without a name" : rule}`;
  if (reason.trim().length < MIN_REASON) return `its reason must be a sentence; got ${JSON.stringify(reason)}`;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(until) ? new Date(`${until}T00:00:00Z`) : undefined;
  if (day === undefined || Number.isNaN(day.getTime())) return `until must be a day, YYYY-MM-DD; got ${until}`;
  if (now.getTime() >= day.getTime() + DAY) return `it ended with ${until}`;
  return undefined;
}

const DAY = 24 * 60 * 60 * 1000;
const MIN_REASON = 10;
