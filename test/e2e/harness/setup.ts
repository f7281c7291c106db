import { ensureEngine } from "../../../engine/docker-engine.ts";
import { resetTestStacks } from "./stack.ts";

/** Before the first file: stories clear away what an earlier run left, and need the Engine for that. */
export async function setup(): Promise<void> {
  await ensureEngine((line) => console.info(line));
  // Where two projects are at work at a time, it is done before the first of them.
  if (process.env["E2E_CLEARED"] === undefined) await resetTestStacks();
}
