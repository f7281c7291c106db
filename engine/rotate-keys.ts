import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parseDocument } from "yaml";

const SETTING = ["config", "odoo-platform:backup", "keyGeneration"];

/**
 * Asks for other access keys of a stack's vault: raises `backup.keyGeneration` in `Pulumi.<stack>.yaml`, where all else
 * stays as it is, comments too. The next `up` makes them.
 *
 * @returns the generation that is wanted now.
 */
export function raiseKeyGeneration(root: string, stack: string): number {
  const file = join(root, `Pulumi.${stack}.yaml`);
  const document = parseDocument(readFileSync(file, "utf8"));
  const generation = Number(document.getIn(SETTING) ?? 1) + 1;
  document.setIn(SETTING, generation);
  writeFileSync(file, document.toString({ lineWidth: 0, flowCollectionPadding: false }));
  return generation;
}
