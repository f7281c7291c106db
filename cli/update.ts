import type { Command } from "commander";

import { withLock } from "../engine/lock.ts";
import { letGo } from "../engine/update/served.ts";
import { projectRoot, withEngine, withStack } from "./context.ts";
import { up, type UpOptions } from "./up.ts";

interface UpdateOptions extends UpOptions {
  readonly keep?: boolean;
}

export function register(command: Command): void {
  withEngine(withStack(command))
    .option("--keep", "keep the copy from before, so that `rollback` can put it back in seconds")
    .option("--no-verify", "leave out the live checks that write evidence")
    .addHelpText(
      "after",
      "\nInstalled modules whose contents changed are updated, and missing ones installed: after a backup, with nobody let in.\nWhere that fails, database, files and code of before come back by themselves, and are held until the sources change;\nthis verb tries them again. `up` does the same, but for what is held.\n\nExamples:\n  npm run platform -- update\n  npm run platform -- update --stack prod --keep",
    )
    .action(async (options: UpdateOptions) => {
      const root = projectRoot();
      await withLock(root, options.stack, async () => {
        letGo(root, options.stack);
        await up(options);
      });
    });
}
