import { ensureEngine } from "../../../engine/docker-engine.ts";
import { reset } from "./docker.ts";

/** Before the first file: stories clear away what an earlier run left, and need the Engine for that. */
export async function setup(): Promise<void> {
  await ensureEngine((line) => console.info(line));
  // The Engine starts again what a killed run left, and that holds the ports. In CI no stack is anybody's own.
  if (process.env["CI"] !== undefined) await reset();
}
