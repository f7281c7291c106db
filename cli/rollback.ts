import type { Command } from "commander";

import { withLock } from "../engine/lock.ts";
import { forgetCopy } from "../engine/update/copy.ts";
import { rollBack } from "../engine/update/update.ts";
import { confirm } from "./confirm.ts";
import { open, type StackOptions, withEngine, withStack } from "./context.ts";

interface RollbackOptions extends StackOptions {
  readonly engine?: string;
  readonly because: string;
  readonly forget?: boolean;
  readonly yes?: boolean;
}

export function register(command: Command): void {
  withEngine(withStack(command))
    .option("--because <reason>", "why, for the record", "it was taken back by hand")
    .option("--forget", "remove the copy instead: the update is good")
    .option("-y, --yes", "don't ask for the stack's name; never for a protected or production stack")
    .addHelpText(
      "after",
      "\nPuts back the copy that `update --keep` left: database, files and code of before. What was written since is lost;\nto bring back another moment, see `restore`.\n\nExamples:\n  npm run platform -- rollback --because 'invoices print without totals'\n  npm run platform -- rollback --forget",
    )
    .action(async ({ stack, engine: wanted, because, forget, yes = false }: RollbackOptions) => {
      const { root, plan, docker, engine } = await open(stack, wanted);
      const say = (line: string) => process.stderr.write(`${line}\n`);
      await withLock(root, stack, async () => {
        if (forget === true) {
          await forgetCopy({ docker, plan });
          say("nothing is kept from before the last update");
          return;
        }
        await confirm(plan, yes, "put back what was served before the last update, and lose what was written since");
        const { at, served } = await rollBack({ root, docker, plan, engine, say }, because);
        say(`Stack ${stack} serves what it served at ${at}, by ${served.image}, and is held there.`);
      });
    });
}
