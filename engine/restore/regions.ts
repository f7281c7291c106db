import { existsSync } from "node:fs";
import { join } from "node:path";

import { gateFacts } from "../../gates/json.ts";
import type { Plan } from "../../plan/plan.ts";
import { Fault } from "../fault.ts";

/** Regions that a stack's backups lie in, in the order of its configuration; none where it takes none. */
export function regionsOf(plan: Plan): string[] {
  return (gateFacts(plan).settings.vault?.regions ?? []).map(({ region }) => region);
}

/**
 * The escrow file that this machine was told of: PLATFORM_ESCROW, else where a stack in development leaves it.
 *
 * @throws Fault where there is none.
 */
export function escrowOf(root: string, plan: Pick<Plan, "stack">): string {
  const file = process.env["PLATFORM_ESCROW"] ?? join(root, ".platform", plan.stack, "escrow.json");
  if (existsSync(file)) return file;
  throw new Fault(`There is no escrow file ${file}; name the one that was kept in PLATFORM_ESCROW.`);
}
