import type { Command } from "commander";

import { Fault } from "../engine/fault.ts";
import { withLock } from "../engine/lock.ts";
import { planStack } from "../engine/stack-plan.ts";
import { confirm } from "./confirm.ts";
import { open, type StackOptions, withStack } from "./context.ts";
import { escrowOption } from "./drill.ts";

interface CloneOptions extends StackOptions {
  readonly from: string;
  readonly region: string;
  readonly escrow?: string;
  readonly at?: string;
  readonly backup?: string;
  readonly anonymise?: boolean;
  readonly yes?: boolean;
}

export function register(command: Command): void {
  withStack(command)
    .requiredOption("--from <stack>", "whose backup")
    .requiredOption("--region <name>", "which region to take it from")
    .addOption(escrowOption())
    .option("--at <time>", "of this moment, such as 2026-01-31T13:00:00Z; by default the newest there is")
    .option("--backup <id>", "of the end of this backup")
    .option("--anonymise", "take personal data of customers, suppliers and employees away, too")
    .option("-y, --yes", "don't ask for the stack's name; never for a protected stack")
    .addHelpText(
      "after",
      "\nMakes --stack a copy of another one, from a backup that is restored and checked first. Before anybody is let in,\nnothing in it reaches anybody: no mail server, scheduled action, payment, courier, webhook, key or secret of the original\nis left, it has an address and an identity of its own, and every rule is checked. What --stack served before is gone then;\nwhere anything fails, it stays. Modules are updated to what the stack's own code has.\n\nExamples:\n  npm run platform -- clone --stack staging --from prod --region eu-west-1 --escrow /media/safe/escrow.json\n  npm run platform -- clone --stack staging --from prod --region eu-west-1 --anonymise",
    )
    .action(async ({ stack, from, escrow, anonymise = false, yes = false, ...wanted }: CloneOptions) => {
      if (escrow === undefined)
        throw new Fault(`--escrow names the file that was kept of the keys of ${from}; or set PLATFORM_ESCROW.`, 2);
      if (wanted.at !== undefined && wanted.backup !== undefined)
        throw new Fault("--at and --backup are two ways to say one thing; give one.", 2);
      const { root, docker, plan: to } = await open(stack);
      const source = await planStack(from, { root });
      await confirm(to, yes, `replace the database and the files by a copy of ${from}`);
      const [{ cloneStack }, { runProbes }] = await Promise.all([
        import("../engine/clone/clone.ts"),
        import("../probes/run.ts"),
      ]);
      const say = (line: string) => {
        process.stderr.write(`${line}\n`);
      };
      await withLock(root, stack, async () => {
        const { backup_id, region } = await cloneStack({
          ...{ root, docker, from: source, to, anonymise, say },
          wanted: { escrow, ...wanted },
        });
        // What it proves, it proves of the stack that was copied.
        await runProbes({ root, docker, plan: source, scope: ["4.6"], say });
        say(`Stack ${stack} serves a neutralised copy of ${backup_id} of ${from}, from ${region}.`);
      });
    });
}
