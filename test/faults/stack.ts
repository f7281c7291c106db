import { setTimeout as sleep } from "node:timers/promises";

import type { BackupResult } from "../../engine/backup.ts";
import { containerOf, docker, inService, reset, sql } from "../e2e/harness/docker.ts";
import { call } from "../e2e/harness/odoo.ts";
import { platform, type Ran, succeed } from "../e2e/harness/platform.ts";
import { siteOf, writeStack } from "../e2e/harness/stack.ts";
import { until } from "../e2e/harness/until.ts";
import { Writer } from "../e2e/harness/writer.ts";

/** A stack of its own, backed up into three regions and watched, with alerts that wait for seconds. */
export const STACK = "faulty";
export const REGIONS = ["region-a", "region-b", "region-c"] as const;

const at = siteOf(STACK);

/** Brings the stack up, anew; `first` does what must be there before. */
export async function bringUp(first: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  await reset(STACK);
  configure();
  await first();
  await succeed(["up", "--stack", STACK, "--engine", "compose", "--no-verify"]);
  await until(
    "a first backup",
    async () => (await ask("SELECT count(*) FROM monitoring.backups WHERE status = 'ok'")) !== "0",
  );
}

/** Writes the stack's settings. */
export function configure(regions: readonly string[] = REGIONS): void {
  writeStack(STACK, {
    odoo: { modules: ["base", "web"] },
    backup: { enabled: true, regions },
    mail: { enabled: true },
    monitoring: { enabled: true, alerts: { mailTo: ["on-call@example.com"], longestWaitSeconds: 5 } },
  });
}

export const service = (name: string) => docker.getContainer(containerOf(name, STACK));
export const ask = (statement: string) => sql(statement, { stack: STACK });
export const inBackup = (...command: readonly string[]) =>
  inService("backup", command, { stack: STACK, timeoutSeconds: 900 });

/** A backup that says how it went, once one that is at work by itself is done. */
export async function backUp(kind: string): Promise<Ran & { readonly result: Partial<BackupResult> }> {
  for (let tries = 0; ; tries++) {
    const ran = await platform(["backup", "--stack", STACK, "--kind", kind, "--json"]);
    if (tries < 60 && ran.stderr.includes("is at work")) await sleep(2000);
    else return { ...ran, result: JSON.parse(ran.stdout || "{}") as Partial<BackupResult> };
  }
}

interface RegionStatus {
  readonly manifests?: readonly string[];
  readonly newest_segment?: string;
  readonly fault?: string;
}

/** What lies in each region. A region that does not answer says so. */
export async function regions(): Promise<{ readonly [region: string]: RegionStatus }> {
  // It ends with 1 where a region does not answer, and says what it found.
  const found = await inService("backup", ["sh", "-c", "platform-backup status || true"], {
    stack: STACK,
    timeoutSeconds: 300,
  });
  return JSON.parse(found) as { readonly [region: string]: RegionStatus };
}

/** The segment that the log is in now, once it is closed. */
export async function closeSegment(): Promise<string> {
  return ask("SELECT pg_walfile_name(pg_switch_wal())");
}

/** Waits until each of these regions has the log up to a segment. @returns after how many seconds it has. */
export function archived(segment: string, wanted: readonly string[] = REGIONS, seconds = 300): Promise<number> {
  return until(
    `segment ${segment} in ${wanted.join(", ")}`,
    async () => {
      const found = await regions();
      return wanted.every((region) => (found[region]?.newest_segment ?? "") >= segment);
    },
    seconds,
  );
}

/** Names of the alerts that fire. */
export async function firing(): Promise<string[]> {
  const { status, text } = await call("/api/v1/alerts", { ...at, host: "metrics.faulty.localhost" });
  if (status !== 200) return [];
  const { data } = JSON.parse(text) as { data: { alerts: { labels: { alertname?: string }; state: string }[] } };
  return data.alerts.filter(({ state }) => state === "firing").map(({ labels }) => labels.alertname ?? "");
}

/** Somebody who works in the stack's Odoo. */
export const startWriter = () => Writer.start(at);

/** Does the login page answer? */
export async function serves(): Promise<boolean> {
  return call("/web/login", at).then(
    ({ status }) => status === 200,
    () => false,
  );
}
