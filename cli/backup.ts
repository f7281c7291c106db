import { existsSync, readFileSync, writeFileSync } from "node:fs";

import { type Command, Option } from "commander";

import {
  type BackupKind,
  BACKUP_KINDS,
  backupNow,
  exportEscrow,
  faultsOf,
  secretsInEscrow,
  takesBackups,
} from "../engine/backup.ts";
import { connectDocker } from "../engine/docker.ts";
import { Fault, messageOf } from "../engine/fault.ts";
import { withLock } from "../engine/lock.ts";
import { raiseKeyGeneration } from "../engine/rotate-keys.ts";
import { importSecrets } from "../engine/secrets.ts";
import { planStack } from "../engine/stack-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { projectRoot, type StackOptions, withStack } from "./context.ts";
import { up } from "./up.ts";

interface BackupOptions extends StackOptions {
  readonly kind: BackupKind;
  readonly exportEscrow?: string;
  readonly importEscrow?: string;
  readonly rotateKeys?: boolean;
}

export function register(command: Command): void {
  withStack(command)
    .addOption(
      new Option("-k, --kind <kind>", "everything, what changed since the last full one, or since the last of any kind")
        .choices(BACKUP_KINDS)
        .default("full"),
    )
    .option("--export-escrow <file>", "take none, and write all that a restore from nothing needs to a new file")
    .option(
      "--import-escrow <file>",
      "take none; a new host takes the keys over, before its first `up --engine compose`",
    )
    .option(
      "--rotate-keys",
      "make all access keys of the vault anew, and take a backup with them; the escrow file of before reads no more, so this needs --export-escrow too",
    )
    .option("--json", "how it went, for programs")
    .addHelpText(
      "after",
      "\nThe backup service takes them by schedule too. Exit code 0 when every region has it, 1 when one lacks it.\nKeep the escrow file away from this machine and from the regions: it opens every backup.\n\nExamples:\n  npm run platform -- backup\n  npm run platform -- backup --stack prod --kind incr --json\n  npm run platform -- backup --export-escrow /media/safe/dev.escrow.json\n  npm run platform -- backup --rotate-keys --export-escrow /media/safe/dev.2.escrow.json",
    )
    .action(
      async ({ stack, kind, exportEscrow: file, importEscrow, rotateKeys = false, json = false }: BackupOptions) => {
        if (rotateKeys && file === undefined)
          command.error(
            "error: --rotate-keys makes the escrow file of before worthless; say with --export-escrow where the new one goes",
          );
        const plan = await planStack(stack, { root: projectRoot() });
        if (importEscrow !== undefined) {
          takeOver(plan, importEscrow);
          return;
        }
        const docker = connectDocker();
        if (file !== undefined) {
          refuseExisting(file);
          if (rotateKeys) await rotate(plan);
          writeFileSync(file, await exportEscrow(docker, plan), { mode: 0o600, flag: "wx" });
          process.stdout.write(
            `${file} opens every backup of stack ${stack}. Keep it where neither this machine nor a region reaches it.\n`,
          );
          return;
        }
        const result = await backupNow(docker, plan, kind);
        if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
        else {
          process.stdout.write(`${result.id} is in ${result.regions.join(", ")}; ${result.seconds.toFixed(1)} s.\n`);
          if (result.status !== "ok") process.stderr.write(`DEGRADED: ${faultsOf(result)}\n`);
        }
        process.exitCode = result.status === "ok" ? 0 : 1;
      },
    );
}

/** Writes the secrets that what lies in the regions was made with, where the Compose engine finds them. */
function takeOver(plan: Plan, file: string): void {
  const { stack } = plan;
  const taken = secretsInEscrow(readFileSync(file, "utf8"), plan);
  try {
    importSecrets(projectRoot(), plan, taken);
  } catch (error) {
    throw new Fault(
      `Stack ${stack} can't take over the keys of ${file}: ${messageOf(error)}. Take it down with its data first, if it holds none that counts: \`npm run platform -- down --stack ${stack} --volumes\`.`,
    );
  }
  process.stdout.write(
    `Stack ${stack} goes on with ${[...taken.keys()].join(", ")}. Now \`npm run platform -- up --stack ${stack} --engine compose\`, then \`restore\`.\n`,
  );
}

/** Other access keys for everybody. Backups stay what they are: what they are encrypted with is not a key of the vault. */
async function rotate(plan: Plan): Promise<void> {
  const { stack } = plan;
  const root = projectRoot();
  if (!takesBackups(plan)) throw new Fault(`Stack ${stack} takes no backups; it has no keys to rotate.`);
  await withLock(root, stack, async () => {
    const generation = raiseKeyGeneration(root, stack);
    process.stdout.write(
      `Pulumi.${stack}.yaml asks for access keys of generation ${generation}; commit it. Should this end half-way, \`npm run platform -- up --stack ${stack}\` goes on.\n`,
    );
    await up({ stack, verify: false });
  });
  const { id, regions } = await backupNow(connectDocker(), plan, "incr");
  process.stdout.write(`${id} is in ${regions.join(", ")}, written with the new keys.\n`);
}

/** An older escrow may be the only one that opens older backups. */
function refuseExisting(file: string): void {
  if (existsSync(file)) throw new Fault(`${file} is there already, and is not overwritten; name another file.`);
}
