/** Days that a schedule is looked at: leap years and months of every length are in it. */
const HORIZON_DAYS = 3 * 366;

/**
 * The longest time between two days on which a cron schedule runs, in days.
 *
 * @param cron five fields, of which minute and hour only have to be there; numbers, `*`, lists, ranges and steps.
 * @throws Error where it is no schedule, or one that never runs.
 */
export function longestGapDays(cron: string): number {
  const fields = cron.trim().split(/\s+/);
  const [minute = "", hour = "", dayOfMonth = "", month = "", dayOfWeek = ""] = fields;
  if (fields.length !== 5) throw new Error(`${JSON.stringify(cron)} is no cron schedule of five fields`);
  // Read for their faults alone.
  expand(minute, 0, 59);
  expand(hour, 0, 23);
  const days = expand(dayOfMonth, 1, 31);
  const months = expand(month, 1, 12);
  const weekdays = new Set([...expand(dayOfWeek, 0, 7)].map((day) => day % 7));
  const runs = (date: Date): boolean => {
    const byMonthDay = days.has(date.getUTCDate());
    const byWeekday = weekdays.has(date.getUTCDay());
    // Cron's own rule: of two restricted days either will do.
    const either = dayOfMonth !== "*" && dayOfWeek !== "*";
    return months.has(date.getUTCMonth() + 1) && (either ? byMonthDay || byWeekday : byMonthDay && byWeekday);
  };
  const start = Date.UTC(2024, 0, 1);
  const found = Array.from({ length: HORIZON_DAYS }, (_, day) => day).filter((day) =>
    runs(new Date(start + day * 86_400_000)),
  );
  if (found.length < 2) throw new Error(`${JSON.stringify(cron)} hardly ever runs`);
  return Math.max(...found.slice(1).map((day, index) => day - (found[index] ?? 0)));
}

function expand(field: string, least: number, most: number): Set<number> {
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const [, from = "", to, step = "1"] = /^(\*|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(part) ?? [];
    const first = from === "*" ? least : Number.parseInt(from, 10);
    const alone = to === undefined && from !== "*" && !part.includes("/");
    const last = to === undefined ? (alone ? first : most) : Number.parseInt(to, 10);
    const by = Number.parseInt(step, 10);
    if (from === "" || first < least || last > most || first > last || by < 1)
      throw new Error(`${JSON.stringify(field)} is no field of a cron schedule from ${least} to ${most}`);
    for (let value = first; value <= last; value += by) values.add(value);
  }
  return values;
}
