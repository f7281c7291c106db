import type Docker from "dockerode";
import { z } from "zod";

import { type Plan, resourcesOf, TYPES } from "../plan/plan.ts";
import { containerName, execIn, plannedContainer, serviceOf, servicesOf, tolerate } from "./docker.ts";
import { Fault } from "./fault.ts";

/** A backup of everything, of what changed since the last full one, or since the last of any kind. */
export const BACKUP_KINDS = ["full", "diff", "incr"] as const;

export type BackupKind = (typeof BACKUP_KINDS)[number];

/** Longest that one backup may take. */
const BACKUP_SECONDS = 6 * 3600;

/** How a backup went, as the backup service tells it. */
export const backupSchema = z.object({
  id: z.string(),
  kind: z.enum(BACKUP_KINDS),
  /** `degraded`: not every region has it. */
  status: z.enum(["ok", "degraded", "failed"]),
  /** Regions that have it. */
  regions: z.array(z.string()),
  /** What is wrong, by region. */
  faults: z.record(z.string(), z.string()),
  seconds: z.number(),
});

export type BackupResult = z.output<typeof backupSchema>;

/** Does the stack take backups? */
export function takesBackups(plan: Plan): boolean {
  return servicesOf(plan).some((container) => serviceOf(container) === "backup");
}

/**
 * Takes a backup into every region, now. What changes a stack's data calls it first.
 *
 * @param wait for another one that is under way, rather than be refused. @default false
 * @throws Fault when the stack takes no backups, another one is under way, or no region has it.
 */
export async function backupNow(docker: Docker, plan: Plan, kind: BackupKind, wait = false): Promise<BackupResult> {
  const verb = [kind, ...(wait ? ["--wait"] : [])];
  const { stdout, stderr, exitCode } = await inBackup(docker, plan, verb, BACKUP_SECONDS);
  const last = stdout.trim().split("\n").at(-1) ?? "";
  const parsed = backupSchema.safeParse(parse(last));
  if (!parsed.success)
    throw new Fault(`No backup was taken of stack ${plan.stack} (exit code ${exitCode}): ${stderr.trim() || last}`);
  if (parsed.data.status === "failed")
    throw new Fault(`The backup of stack ${plan.stack} reached no region: ${faultsOf(parsed.data)}`);
  return parsed.data;
}

/** All that a restore from nothing needs, as the text of the escrow file. Secret. */
export async function exportEscrow(docker: Docker, plan: Plan): Promise<string> {
  const { stdout, stderr, exitCode } = await inBackup(docker, plan, ["export-escrow"], 60);
  if (exitCode !== 0) throw new Fault(`The escrow of stack ${plan.stack} was not exported: ${stderr.trim()}`);
  return stdout;
}

/** What of an escrow file a new host goes on with; the service writes it (docker/backup/platform_backup/escrow.py). */
const escrowSchema = z.object({
  format: z.literal(1),
  stack: z.string().min(1),
  reader: z.object({ id: z.string().min(1), secret: z.string().min(1) }),
  secrets: z.record(z.string().regex(/^backup-[a-z-]+$/), z.string().min(1)),
});

/**
 * Secrets that a new host takes over from an escrow file, by name: with others it could neither read nor continue what lies
 * in the regions.
 *
 * @throws Fault when the text is no escrow file of this stack; it never prints what it holds.
 */
export function secretsInEscrow(text: string, plan: Plan): ReadonlyMap<string, string> {
  const { data } = escrowSchema.safeParse(parse(text));
  if (data === undefined)
    throw new Fault(
      "This is no escrow file of format 1, as `npm run platform -- backup --export-escrow FILE` writes it.",
    );
  const own = `odoo-platform-${plan.stack}`;
  if (data.stack !== own) throw new Fault(`The escrow file is of ${data.stack}, and the stack is ${own}.`);
  const known = new Set(resourcesOf(plan, TYPES.password).map(({ name }) => name));
  const taken = { ...data.secrets, "vault-reader-id": data.reader.id, "vault-reader-secret": data.reader.secret };
  return new Map(Object.entries(taken).filter(([name]) => known.has(name)));
}

/** What is wrong, region by region, as a sentence. */
export function faultsOf({ faults }: Pick<BackupResult, "faults">): string {
  return Object.entries(faults)
    .map(([region, fault]) => `${region}: ${fault}`)
    .join("; ");
}

async function inBackup(docker: Docker, plan: Plan, verb: readonly string[], timeoutSeconds: number) {
  if (!takesBackups(plan))
    throw new Fault(
      `Stack ${plan.stack} takes no backups. Set backup.enabled in Pulumi.${plan.stack}.yaml, and run \`npm run platform -- up --stack ${plan.stack}\`.`,
    );
  const container = containerName(plannedContainer(plan, "backup"));
  const done = await tolerate([404, 409], execIn(docker, container, ["platform-backup", ...verb], { timeoutSeconds }));
  if (done === undefined)
    throw new Fault(`${container} does not run; \`npm run platform -- up --stack ${plan.stack}\` starts it.`);
  return done;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
