import { existsSync } from "node:fs";

import type { Command } from "commander";

import { Fault } from "../engine/fault.ts";
import { withLock } from "../engine/lock.ts";
import { confirm } from "./confirm.ts";
import { open, type StackOptions, withStack } from "./context.ts";
import { wholeNumber } from "./number.ts";

interface CutoverOptions extends StackOptions {
  readonly dump: string;
  readonly filestore?: string;
  readonly acceptMissing: number;
  readonly rehearse?: boolean;
  readonly json?: boolean;
  readonly yes?: boolean;
}

export function register(command: Command): void {
  withStack(command)
    .requiredOption(
      "--dump <file>",
      "Odoo's own backup (zip), or a dump of PostgreSQL: plain or custom, gzipped or not",
    )
    .option("--filestore <path>", "its files, where the dump has none: a folder, a tar or a zip")
    .option("--accept-missing <count>", "files of attachments that may be missing", wholeNumber(0, 1_000_000), 0)
    .option("--rehearse", "go there and back, and serve what is served now")
    .option("--json", "print what was seen for a program")
    .option("-y, --yes", "don't ask for the stack's name; never for a protected stack")
    .addHelpText(
      "after",
      "\nMakes a stack serve the database and the files of another Odoo 19. Stop the old Odoo first, then dump, then copy its\nfiles. All is imported beside what is served, and every row, sequence and file is compared with what was given. Then the\nway there and the way back are rehearsed, with nobody let in and what was imported neutralised; only then it is done. Where\nanything fails, the stack serves what it served before; afterwards `rollback` puts that back. A stack that is not in\nproduction gets a neutralised database.\n\nExamples:\n  npm run platform -- cutover --stack prod --dump old.zip --rehearse\n  npm run platform -- cutover --stack prod --dump old.dump --filestore /srv/odoo/filestore/old",
    )
    .action(async ({ stack, dump, filestore, acceptMissing, rehearse, json, yes = false }: CutoverOptions) => {
      for (const path of [dump, filestore])
        if (path !== undefined && !existsSync(path)) throw new Fault(`There is no ${path}.`, 2);
      const { root, docker, plan } = await open(stack);
      await confirm(plan, yes, "let nobody in for some minutes, and replace the database and the files");
      const [{ cutOver }, { runProbes }] = await Promise.all([
        import("../engine/cutover/cutover.ts"),
        import("../probes/run.ts"),
      ]);
      const say = (line: string) => {
        process.stderr.write(`${line}\n`);
      };
      const report = await withLock(root, stack, async () => {
        const done = await cutOver({
          ...{ root, docker, plan, dump, files: filestore, acceptMissing, say },
          rehearseOnly: rehearse === true,
        });
        if (done.closed !== undefined) await runProbes({ root, docker, plan, scope: ["6.3"], say });
        return done;
      });
      if (json === true) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
      say(
        report.closed === undefined
          ? `Stack ${stack} serves what it served before; the rehearsal held.`
          : `Stack ${stack} serves what was given, after ${report.closed.toFixed(0)} s in which nobody was let in. \`npm run platform -- rollback --stack ${stack}\` puts back what it served before.`,
      );
    });
}
