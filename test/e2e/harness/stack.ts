import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse, stringify } from "yaml";

import { reset } from "./docker.ts";
import { ROOT } from "./platform.ts";

type Settings = { [key: string]: unknown };

/**
 * A stack that tests make, use and remove: dev's settings with some of its own, and without the parts that can be off, but
 * for those that are asked for. Keys without the project's name.
 */
export function writeStack(
  name: string,
  changes: { readonly [key: string]: Settings | string | boolean },
  root = ROOT,
): void {
  const { config } = parse(readFileSync(join(root, "Pulumi.dev.yaml"), "utf8")) as { config: Settings };
  for (const part of Object.values(config)) if (isPart(part)) part.enabled = false;
  for (const [key, value] of Object.entries(changes)) {
    const full = `odoo-platform:${key}`;
    config[full] = typeof value === "object" ? { ...(config[full] as Settings | undefined), ...value } : value;
  }
  writeFileSync(join(root, `Pulumi.${name}.yaml`), stringify({ config }));
}

function isPart(setting: unknown): setting is { enabled: boolean } {
  return typeof setting === "object" && setting !== null && "enabled" in setting;
}

/** Removes such a stack and all that runs of it. */
export async function removeStack(name: string): Promise<void> {
  await reset(name);
  rmSync(join(ROOT, `Pulumi.${name}.yaml`), { force: true });
  rmSync(join(ROOT, ".platform", name), { recursive: true, force: true });
  rmSync(join(ROOT, "evidence", name), { recursive: true, force: true });
}
