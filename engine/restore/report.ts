import { z } from "zod";

/** One thing that was looked at in a restored copy. */
const finding = z.object({
  check: z.string(),
  holds: z.boolean(),
  measured: z.json().nullable(),
  limit: z.json().nullable(),
  detail: z.string(),
});

const report = z.object({
  id: z.string(),
  stack: z.string(),
  kind: z.enum(["restore_test", "drill"]),
  region: z.string(),
  backup_id: z.string(),
  started_at: z.string(),
  ended_at: z.string(),
  holds: z.boolean(),
  rpo_seconds: z.number().nullable(),
  rto_seconds: z.number().nullable(),
  detail: z.string(),
  scratch: z.string(),
  facts: z.record(z.string(), z.json()),
  seconds: z.record(z.string(), z.number()),
  findings: z.array(finding),
});

/** What scripts/backup/restore_test.sh found: every check, what was lost (RPO) and how long it took (RTO). */
export type RestoreReport = z.infer<typeof report>;

/** @throws Error where the text is no report. */
export function parseReport(text: string): RestoreReport {
  const line = text.trim().split("\n").at(-1) ?? "";
  let data: unknown;
  try {
    data = JSON.parse(line);
  } catch {
    throw new Error(`the restore ended without a report: ${line.slice(0, 300) || "it said nothing"}`);
  }
  return report.parse(data);
}

/** The checks that don't hold, but for those that the operator accepts by name. */
export function failedChecks({ findings, holds, detail }: RestoreReport, accepted: readonly string[] = []): string[] {
  const failed = findings.filter(({ holds }) => !holds).map(({ check }) => check);
  const left = failed.filter((check) => !accepted.includes(check));
  // A report may fail by what was never reached, which nobody can accept.
  const unreached = !holds && (failed.length === 0 || /not reached: /.test(detail)) ? ["not reached"] : [];
  return [...left, ...unreached];
}

/** The report in a few lines, for people. */
export function describeReport({ region, findings, rpo_seconds, rto_seconds, holds, detail }: RestoreReport): string {
  const width = Math.max(0, ...findings.map(({ check }) => check.length));
  const rows = findings.map(
    ({ check, holds, detail }) => `  ${holds ? "ok  " : "FAIL"}  ${check.padEnd(width)}  ${detail}`,
  );
  const number = (name: string, value: number | null) => (value === null ? [] : [`${name} ${value} s`]);
  const numbers = [...number("RPO", rpo_seconds), ...number("RTO", rto_seconds)].join(", ");
  return [...rows, `${holds ? "GO" : "NO-GO"} from ${region}${numbers === "" ? "" : `: ${numbers}`}; ${detail}`].join(
    "\n",
  );
}
