import type { RestoreReport } from "../../../engine/restore/report.ts";

/** A report that holds, but for changes. */
export function reportOf(changes: Partial<RestoreReport> = {}): RestoreReport {
  return {
    id: "dev-drill-20260131T120000Z",
    stack: "dev",
    kind: "drill",
    region: "one",
    backup_id: "dev-1",
    started_at: "2026-01-31T11:58:00Z",
    ended_at: "2026-01-31T12:00:00Z",
    holds: true,
    rpo_seconds: 12,
    rto_seconds: 80,
    detail: "all 2 checks hold",
    scratch: "odoo-platform-dev-restore",
    facts: { database: "odoo" },
    seconds: { restore: 3 },
    findings: [
      { check: "heartbeat", holds: true, measured: { seconds: 12 }, limit: { seconds: 300 }, detail: "12 s" },
      { check: "attachments", holds: true, measured: {}, limit: {}, detail: "all there" },
    ],
    ...changes,
  };
}
