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
      const first = await staleFiles(root);
      const names = first.map(([path]) => path).join(", ");
      if (check && first.length > 0)
        throw new Fault(`Not as the plans say: ${names}. Run \`npm run platform -- docs\` and commit.`);
      write(root, first);
      // An image is named after its files, and one of these is generated: what was written can change what is made.
      if (first.length > 0) write(root, await staleFiles(root));
      process.stdout.write(first.length === 0 ? "All generated files are current.\n" : `Written: ${names}.\n`);
    });
}

type File = readonly [path: string, text: string];

async function staleFiles(root: string): Promise<File[]> {
  const files = await generatedFiles(
    root,
    PROBES.map(({ task }) => task),
  );
  return Object.entries(files).filter(
    ([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), "utf8") !== text,
  );
}

function write(root: string, files: readonly File[]): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
