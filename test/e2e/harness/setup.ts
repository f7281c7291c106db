import { ensureEngine } from "../../../engine/docker-engine.ts";

/** Before the first file: stories clear away what an earlier run left, and need the Engine for that. */
export async function setup(): Promise<void> {
  await ensureEngine((line) => console.info(line));
}
