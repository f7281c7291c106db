import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "./platform.ts";

/** Every generated secret of a stack that the Compose engine made. */
export function secretValues(stack: string): Record<string, string> {
  const folder = join(ROOT, ".platform", stack, "secrets");
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
