import { rmSync } from "node:fs";
import { join } from "node:path";

import { type SmallStackArgs, writeSmallStack } from "../../../engine/small-stack.ts";
import { reset } from "./docker.ts";
import { ROOT } from "./platform.ts";

const FIRST_PORT = 9640;

/** Stacks that tests make, use and remove; the last ones are made by what is tested. */
export const TEST_STACKS = [
  ...(["second", "broken", "ports", "mirror", "engine", "enclosed", "relayed", "vaulted", "restored"] as const),
  ...(["watched", "copied", "updated", "faulty", "moved"] as const),
  ...(["rehearsal-dev", "rehearsal-staging", "rehearsal-prod", "pr-0", "pr-31", "pr-999999"] as const),
] as const;

type TestStack = (typeof TEST_STACKS)[number];

/** Where Odoo of such a stack answers: each has ports of its own, since two of them may be up at a time. */
export function siteOf(stack: TestStack) {
  return { stack, port: FIRST_PORT + 2 * TEST_STACKS.indexOf(stack), host: `odoo.${stack}.localhost` };
}

/** Writes the file of such a stack. Keys of settings without the project's name; its names and ports are given. */
export function writeStack(name: TestStack, settings: SmallStackArgs["settings"], root = ROOT): void {
  const { port } = siteOf(name);
  const own = { domain: `${name}.localhost`, edge: { httpsPort: port, httpPort: port + 1 } };
  writeSmallStack({ root, name, settings: { ...own, ...settings } });
}

/** The Engine starts again what a killed run left, and that holds the ports. */
export async function resetTestStacks(): Promise<void> {
  for (const stack of TEST_STACKS) await reset(stack);
}

/** Removes a stack and all that runs of it. */
export async function removeStack(name: string): Promise<void> {
  await reset(name);
  rmSync(join(ROOT, `Pulumi.${name}.yaml`), { force: true });
  rmSync(join(ROOT, ".platform", name), { recursive: true, force: true });
  rmSync(join(ROOT, "evidence", name), { recursive: true, force: true });
}
