import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse, stringify } from "yaml";

/** Settings of one part of a stack. */
type Settings = { [key: string]: unknown };

export interface SmallStackArgs {
  /** Folder of the project whose settings it begins with. */
  readonly root: string;
  /** The stack whose settings those are. @default "dev" */
  readonly like?: string;
  readonly name: string;
  /** Folder that the file goes to. @default root */
  readonly into?: string;
  /** Settings of its own, without the project's name: laid over a part's, in place of anything else. */
  readonly settings: { readonly [key: string]: Settings | string | boolean };
}

/**
 * Writes the file of a stack that is as small as one can be: another one's settings, without the parts that can be off
 * but for those that are asked for.
 */
export function writeSmallStack({ root, like = "dev", name, into = root, settings }: SmallStackArgs): void {
  const { config } = parse(readFileSync(join(root, `Pulumi.${like}.yaml`), "utf8")) as { config: Settings };
  for (const part of Object.values(config)) if (canBeOff(part)) part.enabled = false;
  for (const [key, value] of Object.entries(settings)) {
    const full = `odoo-platform:${key}`;
    config[full] = typeof value === "object" ? { ...(config[full] as Settings | undefined), ...value } : value;
  }
  writeFileSync(join(into, `Pulumi.${name}.yaml`), stringify({ config }));
}

function canBeOff(part: unknown): part is { enabled: boolean } {
  return typeof part === "object" && part !== null && "enabled" in part;
}
