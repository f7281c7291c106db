import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Command } from "commander";

import { Fault } from "../engine/fault.ts";
import { generatedFiles } from "../engine/generated.ts";
import { PROBES } from "../probes/index.ts";
import { projectRoot } from "./context.ts";

export function register(command: Command): void {
  command
    .option("--check", "write nothing; exit 1 when a file is not what would be written")
    .addHelpText("after", "\nExample:\n  npm run platform -- docs --check")
    .action(async ({ check = false }: { check?: boolean }) => {
      const root = projectRoot();
      const measured = PROBES.map(({ task }) => task);
      const stale = Object.entries(await generatedFiles(root, measured)).filter(
        ([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), "utf8") !== text,
      );
      const names = stale.map(([path]) => path).join(", ");
      if (check && stale.length > 0)
        throw new Fault(`Not as the plans say: ${names}. Run \`npm run platform -- docs\` and commit.`);
      for (const [path, text] of stale) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
      process.stdout.write(stale.length === 0 ? "All generated files are current.\n" : `Written: ${names}.\n`);
    });
}
