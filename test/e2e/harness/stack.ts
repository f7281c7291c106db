import { rmSync } from "node:fs";
import { join } from "node:path";

import { type SmallStackArgs, writeSmallStack } from "../../../engine/small-stack.ts";
import { reset } from "./docker.ts";
import { ROOT } from "./platform.ts";

/** A stack that tests make, use and remove. Keys of settings without the project's name. */
export function writeStack(name: string, settings: SmallStackArgs["settings"], root = ROOT): void {
  writeSmallStack({ root, name, settings });
}

/** Removes such a stack and all that runs of it. */
export async function removeStack(name: string): Promise<void> {
  await reset(name);
  rmSync(join(ROOT, `Pulumi.${name}.yaml`), { force: true });
  rmSync(join(ROOT, ".platform", name), { recursive: true, force: true });
  rmSync(join(ROOT, "evidence", name), { recursive: true, force: true });
}
