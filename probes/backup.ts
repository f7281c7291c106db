import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { x } from "tinyexec";
import { z } from "zod";

import type { AwsVaultSettings } from "../components/backup-vault/aws-settings.ts";
import { prefixOf } from "../engine/docker.ts";
import { takesBackups } from "../engine/backup.ts";
import type { BucketReadBack } from "../engine/vault/read-back.ts";
import type { Plan } from "../plan/plan.ts";
import { fromFaults, type Measurement, type Probe } from "./probe.ts";

const SCRIPT = "scripts/backup/full_backup.sh";
/** A backup a day, and two hours for it to be late. */
const OLDEST_HOURS = 26;
/** Odoo's files are snapshotted every minute or so. */
const OLDEST_SNAPSHOT_MINUTES = 30;
const FEWEST_REGIONS = 3;
/** A minute, in which the first backup of a new system is done. */
const FIRST_TRIES = 20;
const FIRST_WAIT_MS = 3000;

/** What one region holds, as the region itself tells the reader's key; or why it doesn't. */
const regionSchema = z.union([
  z.object({ fault: z.string() }),
  z.object({
    backups: z.array(z.object({ label: z.string(), type: z.string(), stopped: z.number(), error: z.boolean() })),
    newest_segment: z.string().nullable(),
    newest_snapshot: z.string().nullable(),
    manifests: z.array(z.string()),
    /** What the bucket does with whatever is written to it. */
    bucket: z.object({ versioning: z.string(), mode: z.string(), days: z.number(), planned_days: z.number() }),
    lock: z.object({ mode: z.string(), until: z.string() }).nullable(),
  }),
]);
const statusSchema = z.record(z.string(), regionSchema);

export type VaultStatus = z.output<typeof statusSchema>;

/**
 * The script of the plan is asked what each region holds; each must have the same newest backup, in time, whole and locked,
 * and as much of the log as the others.
 */
export const backups: Probe = {
  task: "1.4",
  ttlDays: 2,
  needs: "system",
  measure: async ({ root, stack, plan, now, settings }) => {
    if (!takesBackups(plan)) throw new Error("this stack takes no backups: backup.enabled is false");
    const ask = async (): Promise<VaultStatus> => {
      const ran = await x(join(root, SCRIPT), ["--stack", stack, "--status"], { timeout: 50_000 });
      const text = ran.stdout.trim();
      if (text === "") throw new Error(ran.stderr.trim() || `${SCRIPT} of ${prefixOf(plan)} printed nothing`);
      return statusSchema.parse(JSON.parse(text));
    };
    let status = await ask();
    // A new system's first backup is taken at once, and is under way while the first `up` still measures.
    for (let tries = 0; tries < FIRST_TRIES && isFirst(status) && !judgeBackups(status, now).holds; tries++) {
      await sleep(FIRST_WAIT_MS);
      status = await ask();
    }
    const judged = judgeBackups(status, now);
    return settings.vault?.kind === "aws" ? withReadBack(judged, await askVault(plan, settings.vault)) : judged;
  },
};

/** What the buckets are, as S3 says with the operator's credentials. */
async function askVault(plan: Plan, vault: AwsVaultSettings): Promise<BucketReadBack[]> {
  const { readBack } = await import("../engine/vault/read-back.ts");
  return readBack(plan, vault);
}

/** Backups are worth what their buckets are: each must be what was planned. */
export function withReadBack(judged: Measurement, buckets: readonly BucketReadBack[]): Measurement {
  const compared = Object.fromEntries(buckets.map(({ bucket, compared }) => [bucket, [...compared]]));
  return fromFaults([...(judged.holds ? [] : [judged.detail]), ...buckets.flatMap(({ faults }) => faults)], {
    measured: { regions: judged.measured, buckets: compared },
    limit: judged.limit,
    held: `${judged.detail}; ${buckets.length} buckets are what was planned`,
  });
}

/** No region has had more than one backup yet, and all answer. */
export function isFirst(status: VaultStatus): boolean {
  return Object.values(status).every((region) => "manifests" in region && region.manifests.length <= 1);
}

/** Decides from what each region holds. */
export function judgeBackups(status: VaultStatus, now: Date): Measurement {
  const regions = Object.entries(status);
  const held = regions.flatMap(([region, one]) => ("fault" in one ? [] : [{ region, ...one }]));
  const newest =
    held
      .map(({ manifests }) => manifests.at(-1) ?? "")
      .sort()
      .at(-1) ?? "";
  const segment =
    held
      .map(({ newest_segment }) => newest_segment ?? "")
      .sort()
      .at(-1) ?? "";
  const age = (now.getTime() - timeOf(newest)) / 3_600_000;
  const faults = [
    ...(regions.length >= FEWEST_REGIONS
      ? []
      : [`there are ${regions.length} regions, and ${FEWEST_REGIONS} are needed`]),
    ...regions.flatMap(([region, one]) => ("fault" in one ? [`${region}: ${one.fault}`] : [])),
    ...(newest === "" ? ["no region holds a backup yet"] : []),
    ...(newest !== "" && !(age <= OLDEST_HOURS) ? [`the newest backup, ${newest}, is ${age.toFixed(1)} h old`] : []),
    ...held.flatMap(({ region, manifests, newest_segment, newest_snapshot, bucket, lock, backups: made }) =>
      [
        newest !== "" && manifests.at(-1) !== newest ? `the newest backup, ${newest}, is missing` : "",
        newest !== "" && lock?.mode !== "COMPLIANCE" ? `${newest} is not locked` : "",
        bucket.versioning === "Enabled" ? "" : `its versioning is ${bucket.versioning || "off"}`,
        bucket.mode === "COMPLIANCE" && bucket.days >= bucket.planned_days
          ? ""
          : `it locks in mode ${bucket.mode || "none"} for ${bucket.days} days, not COMPLIANCE for ${bucket.planned_days}`,
        newest_segment === null ? "it holds no WAL" : "",
        segmentsBehind(newest_segment, segment) > 2
          ? `its WAL ends at ${newest_segment ?? ""}, and others' at ${segment}`
          : "",
        snapshotAge(newest_snapshot, now) > OLDEST_SNAPSHOT_MINUTES
          ? `its newest snapshot of the files is of ${newest_snapshot ?? "never"}`
          : "",
        made.at(-1)?.error === true ? "pgBackRest found page errors in its newest backup" : "",
      ]
        .filter((fault) => fault !== "")
        .map((fault) => `${region}: ${fault}`),
    ),
  ];
  return fromFaults(faults, {
    measured: Object.fromEntries(
      held.map(({ region, manifests, newest_segment, newest_snapshot, lock }) => [
        region,
        { newest: manifests.at(-1) ?? null, backups: manifests.length, newest_segment, newest_snapshot, lock },
      ]),
    ),
    limit: { regions: FEWEST_REGIONS, oldestHours: OLDEST_HOURS, lock: "COMPLIANCE" },
    held: `${newest} is locked in ${held.map(({ region }) => region).join(", ")}, with the log up to ${segment}`,
  });
}

/** When a backup was begun, by its id such as 20260301T010000Z-full; NaN for none. */
function timeOf(id: string): number {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(id) ?? [];
  return Date.parse(`${y ?? ""}-${mo ?? ""}-${d ?? ""}T${h ?? ""}:${mi ?? ""}:${s ?? ""}Z`);
}

/** How many segments of 16 MiB one position of the log is behind another; of another timeline, more than any. */
function segmentsBehind(own: string | null, other: string): number {
  if (own === null || other === "") return 0;
  if (own.slice(0, 8) !== other.slice(0, 8)) return Number.POSITIVE_INFINITY;
  const number = (name: string) =>
    Number.parseInt(name.slice(8, 16), 16) * 256 + Number.parseInt(name.slice(16, 24), 16);
  return number(other) - number(own);
}

function snapshotAge(at: string | null, now: Date): number {
  return at === null ? Number.POSITIVE_INFINITY : (now.getTime() - Date.parse(at)) / 60_000;
}
