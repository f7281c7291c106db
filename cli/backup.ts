import { existsSync, readFileSync, writeFileSync } from "node:fs";

import { type Command, Option } from "commander";

import { type BackupKind, BACKUP_KINDS, backupNow, exportEscrow, faultsOf, secretsInEscrow } from "../engine/backup.ts";
import { connectDocker } from "../engine/docker.ts";
import { Fault, messageOf } from "../engine/fault.ts";
import { importSecrets } from "../engine/secrets.ts";
import { planStack } from "../engine/stack-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { projectRoot, type StackOptions, withStack } from "./context.ts";

interface BackupOptions extends StackOptions {
  readonly kind: BackupKind;
  readonly exportEscrow?: string;
  readonly importEscrow?: string;
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
    .option("--json", "how it went, for programs")
    .addHelpText(
      "after",
      "\nThe backup service takes them by schedule too. Exit code 0 when every region has it, 1 when one lacks it.\nKeep the escrow file away from this machine and from the regions: it opens every backup.\n\nExamples:\n  npm run platform -- backup\n  npm run platform -- backup --stack prod --kind incr --json\n  npm run platform -- backup --export-escrow /media/safe/dev.escrow.json",
    )
    .action(async ({ stack, kind, exportEscrow: file, importEscrow, json = false }: BackupOptions) => {
      const plan = await planStack(stack, { root: projectRoot() });
      if (importEscrow !== undefined) {
        takeOver(plan, importEscrow);
        return;
      }
      const docker = connectDocker();
      if (file !== undefined) {
        refuseExisting(file);
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
    });
}

/** Writes the secrets that what lies in the regions was made with, where the Compose engine finds them. */
function takeOver(plan: Plan, file: string): void {
  const { stack } = plan;
  const taken = secretsInEscrow(readFileSync(file, "utf8"), plan);
  try {
    importSecrets(projectRoot(), stack, taken);
  } catch (error) {
    throw new Fault(
      `Stack ${stack} can't take over the keys of ${file}: ${messageOf(error)}. Take it down with its data first, if it holds none that counts: \`npm run platform -- down --stack ${stack} --volumes\`.`,
    );
  }
  process.stdout.write(
    `Stack ${stack} goes on with ${[...taken.keys()].join(", ")}. Now \`npm run platform -- up --stack ${stack} --engine compose\`, then \`restore\`.\n`,
  );
}

/** An older escrow may be the only one that opens older backups. */
function refuseExisting(file: string): void {
  if (existsSync(file)) throw new Fault(`${file} is there already, and is not overwritten; name another file.`);
}
