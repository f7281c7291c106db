import type { Command } from "commander";
import type Docker from "dockerode";

import { backupNow } from "../engine/backup.ts";
import type { Say } from "../engine/engine.ts";
import { Fault, messageOf } from "../engine/fault.ts";
import type { Plan } from "../plan/plan.ts";
import { confirm } from "./confirm.ts";
import { open, type StackOptions, withStack } from "./context.ts";
import { escrowOption } from "./drill.ts";

interface RestoreOptions extends StackOptions {
  readonly region?: string;
  readonly escrow?: string;
  readonly at?: string;
  readonly backup?: string;
  readonly asOf?: string;
  readonly lostAt?: string;
  readonly accept?: readonly string[];
  readonly scratch?: boolean;
  readonly undo?: boolean;
  readonly forget?: boolean;
  readonly yes?: boolean;
}

export function register(command: Command): void {
  withStack(command)
    .option("--region <name>", "which region to restore from")
    .addOption(escrowOption())
    .option("--at <time>", "bring back this moment, such as 2026-01-31T13:00:00Z; by default the newest there is")
    .option("--backup <id>", "bring back the end of this backup")
    .option("--as-of <time>", "read the region as it was then, whatever was deleted or overwritten since")
    .option("--lost-at <time>", "when the loss happened: what is lost is measured from there, not from now")
    .option("--accept <checks...>", "restore though these checks don't hold, such as heartbeat")
    .option("--scratch", "only into scratch volumes, which stay: to look up what was lost")
    .option("--undo", "put back what was served before the last restore")
    .option("--forget", "remove what was kept from before the last restore, and scratch volumes")
    .option("-y, --yes", "don't ask for the stack's name; never for a protected or production stack")
    .option("--json", "the report, for programs")
    .addHelpText(
      "after",
      "\nDatabase and filestore come back to the same moment: first into a scratch system, where everything is checked; only\nthen they replace what is served, which is kept until `--forget` or the next restore.\n\nExamples:\n  npm run platform -- restore --region eu-central --escrow /media/safe/escrow.json\n  npm run platform -- restore --region eu-north --at 2026-01-31T13:00:00Z --escrow /media/safe/escrow.json\n  npm run platform -- restore --undo",
    )
    .action(async (options: RestoreOptions) => {
      const { root, plan, docker } = await open(options.stack);
      const { bringBack, putBack, removeKept } = await import("../probes/restore-stack.ts");
      const { withLock } = await import("../engine/lock.ts");
      const { describeReport } = await import("../engine/restore/report.ts");
      const say = (line: string) => process.stderr.write(`${line}\n`);
      const target = { root, plan, docker, say };
      const { region, escrow, scratch = false, accept = [], json = false } = options;
      if (options.forget === true) return withLock(root, plan.stack, () => removeKept(target));
      if (options.undo === true) {
        await confirm(plan, options.yes === true, "put back what was served before the last restore");
        return withLock(root, plan.stack, async () => {
          await putBack(target);
          await beginAnew(docker, plan, say);
        });
      }
      if (region === undefined) throw new Fault("--region says which region to restore from.", 2);
      if (escrow === undefined)
        throw new Fault("--escrow names the file that was kept of the keys; or set PLATFORM_ESCROW.", 2);
      if (options.at !== undefined && options.backup !== undefined)
        throw new Fault("--at and --backup are two ways to say one thing; give one.", 2);
      if (!scratch) await confirm(plan, options.yes === true, "replace the database and the files that it serves");
      const { report, downSeconds } = await withLock(root, plan.stack, async () => {
        const done = await bringBack({ ...target, ...options, region, escrow, scratch, accept });
        if (!scratch) await beginAnew(docker, plan, say);
        return done;
      });
      process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : `${describeReport(report)}\n`);
      if (downSeconds !== undefined)
        say(`Stack ${plan.stack} serves what was restored; it stood still for ${downSeconds.toFixed(1)} s.`);
    });
}

/**
 * A full backup of what is served from now on. Without it, a later restore would begin at a backup from before, where the
 * log forks into what was and what is, and could follow the one that was given up.
 */
async function beginAnew(docker: Docker, plan: Plan, say: Say): Promise<void> {
  try {
    const { id, regions } = await backupNow(docker, plan, "full");
    say(`${id} begins anew in ${regions.join(", ")}`);
  } catch (error) {
    say(
      `No backup was taken of what is served now: ${messageOf(error)} Take one before anything else: \`npm run platform -- backup --stack ${plan.stack}\`.`,
    );
  }
}
