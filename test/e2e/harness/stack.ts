import { rmSync } from "node:fs";
import { join } from "node:path";

import { type SmallStackArgs, writeSmallStack } from "../../../engine/small-stack.ts";
import { reset } from "./docker.ts";
import { ROOT } from "./platform.ts";

/** Stacks that tests make, use and remove; the last ones are made by what is tested. */
export const TEST_STACKS = [
  ...(["second", "broken", "ports", "mirror", "engine", "enclosed", "relayed", "vaulted", "restored"] as const),
  ...(["watched", "copied", "updated", "faulty"] as const),
  ...(["rehearsal-dev", "rehearsal-staging", "rehearsal-prod", "pr-0", "pr-31", "pr-999999"] as const),
] as const;

/** Writes the file of such a stack. Keys of settings without the project's name. */
export function writeStack(
  name: (typeof TEST_STACKS)[number],
  settings: SmallStackArgs["settings"],
  root = ROOT,
): void {
  writeSmallStack({ root, name, settings });
}

/** Removes such a stack and all that runs of it. */
export async function removeStack(name: string): Promise<void> {
  await reset(name);
  rmSync(join(ROOT, `Pulumi.${name}.yaml`), { force: true });
  rmSync(join(ROOT, ".platform", name), { recursive: true, force: true });
  rmSync(join(ROOT, "evidence", name), { recursive: true, force: true });
}
