import { ensureEngine } from "../../../engine/docker-engine.ts";
import { reset } from "./docker.ts";
import { TEST_STACKS } from "./stack.ts";

/** Before the first file: stories clear away what an earlier run left, and need the Engine for that. */
export async function setup(): Promise<void> {
  await ensureEngine((line) => console.info(line));
  // The Engine starts again what a killed run left, and that holds the ports.
  for (const stack of TEST_STACKS) await reset(stack);
}
