import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { restoreTest } from "../engine/restore/restore-test.ts";
import { escrowOf, regionsOf } from "../engine/restore/regions.ts";
import type { RestoreReport } from "../engine/restore/report.ts";
import { longestGapDays } from "./cron.ts";
import { fromFaults, type Json, type Measurement, type Probe, type ProbeContext } from "./probe.ts";
import { findWorkflowFaults } from "./workflow-faults.ts";

/** What may be lost, and how long it may take until somebody can log in again, in seconds. */
export const LIMITS = { rpoSeconds: 300, rtoSeconds: 900 } as const;
/** Fewest regions that backups lie in. */
const REGIONS = 3;
const DRILL_DAYS = 90;
const WORKFLOW = ".github/workflows/dr-drill.yml";

/** The newest backup comes back from one region, whole, with nothing but the escrow file. */
export const restoreTested: Probe = {
  task: "1.5",
  ttlDays: 7,
  needs: "machine",
  onDemand: true,
  measure: async (context) => judgeRestores(await restoreFrom(context, regionsOf(context.plan).slice(0, 1)), 1),
};

/** The newest backup comes back from each region when all the others are lost. */
export const everyRegion: Probe = {
  task: "4.3",
  ttlDays: 30,
  needs: "machine",
  onDemand: true,
  measure: async (context) => judgeRegions(await restoreFrom(context, regionsOf(context.plan)), context),
};

/** A drill from one region alone succeeds, and the next is scheduled within the quarter. */
export const drills: Probe = {
  task: "5.4",
  ttlDays: DRILL_DAYS,
  needs: "machine",
  onDemand: true,
  measure: async (context) =>
    judgeDrill(await restoreFrom(context, regionsOf(context.plan).slice(0, 1), "drill"), context.root),
};

/** Restores from each region in turn, with the escrow file that this machine was told of. */
async function restoreFrom(
  { root, plan }: ProbeContext,
  regions: readonly string[],
  kind: RestoreReport["kind"] = "restore_test",
): Promise<RestoreReport[]> {
  const reports: RestoreReport[] = [];
  for (const region of regions)
    reports.push(await restoreTest({ root, plan, region, kind, escrow: escrowOf(root, plan), say: () => undefined }));
  return reports;
}

/** They hold when there are enough, each with every check, and within the limits of loss and time. */
export function judgeRestores(reports: readonly RestoreReport[], least: number): Measurement {
  const faults = [
    ...(reports.length >= least ? [] : [`${reports.length} of at least ${least} regions were restored from`]),
    ...reports.flatMap(findRestoreFaults),
  ];
  return fromFaults(faults, {
    measured: reports.map(summary),
    limit: { regions: least, rpoSeconds: LIMITS.rpoSeconds, rtoSeconds: LIMITS.rtoSeconds },
    held: reports
      .map(({ region, backup_id, rpo_seconds, rto_seconds, findings }) => {
        const checks = `${findings.length} checks hold`;
        return `${backup_id} came back from ${region} alone: ${checks}, RPO ${rpo_seconds ?? "?"} s, RTO ${rto_seconds ?? "?"} s`;
      })
      .join("; "),
  });
}

/** Regions that were planned but not restored from count against it. */
export function judgeRegions(reports: readonly RestoreReport[], { plan }: Pick<ProbeContext, "plan">): Measurement {
  const planned = regionsOf(plan);
  const measurement = judgeRestores(reports, REGIONS);
  const left = planned.filter((region) => !reports.some((report) => report.region === region));
  if (left.length === 0) return measurement;
  const fault = `not restored from: ${left.join(", ")}`;
  return { ...measurement, holds: false, detail: measurement.holds ? fault : `${measurement.detail}; ${fault}` };
}

/** The drill, and that the next one comes by itself. */
export async function judgeDrill(reports: readonly RestoreReport[], root: string): Promise<Measurement> {
  const measurement = judgeRestores(reports, 1);
  const faults = [
    ...(measurement.holds ? [] : [measurement.detail]),
    ...(await findWorkflowFaults(root, WORKFLOW)),
    ...findScheduleFaults(readFileSync(join(root, WORKFLOW), "utf8")),
  ];
  return fromFaults(faults, {
    measured: measurement.measured,
    limit: { ...(measurement.limit as { [name: string]: Json }), days: DRILL_DAYS },
    held: `${measurement.detail}; the next is scheduled by ${WORKFLOW}`,
  });
}

/** What keeps a workflow from drilling every quarter by itself. */
export function findScheduleFaults(workflow: string): string[] {
  const { on } = (parse(workflow) ?? {}) as { on?: { schedule?: readonly { cron?: string }[] } };
  const schedules = on?.schedule ?? [];
  if (schedules.length === 0) return [`${WORKFLOW} has no schedule: nobody drills by themselves`];
  const gaps = schedules.map(({ cron = "" }) => longestGapDays(cron));
  const gap = Math.min(...gaps);
  return gap <= DRILL_DAYS ? [] : [`${WORKFLOW} drills every ${gap} days, which must be ${DRILL_DAYS} at most`];
}

function findRestoreFaults({ region, holds, detail, rpo_seconds, rto_seconds }: RestoreReport): string[] {
  if (!holds) return [`${region}: ${detail}`];
  return [
    ...findNumberFault(region, "RPO", rpo_seconds, LIMITS.rpoSeconds),
    ...findNumberFault(region, "RTO", rto_seconds, LIMITS.rtoSeconds),
  ];
}

function findNumberFault(region: string, name: string, value: number | null, limit: number): string[] {
  if (value === null) return [`${region}: ${name} was not measured`];
  return value <= limit ? [] : [`${region}: ${name} is ${value} s, of ${limit} s that are allowed`];
}

function summary({ region, backup_id, holds, rpo_seconds, rto_seconds, findings, seconds }: RestoreReport): Json {
  return {
    region,
    backup: backup_id,
    holds,
    rpoSeconds: rpo_seconds,
    rtoSeconds: rto_seconds,
    checks: Object.fromEntries(findings.map(({ check, holds }) => [check, holds])),
    seconds,
  };
}
