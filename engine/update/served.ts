import { rmSync } from "node:fs";
import { join } from "node:path";

import { gateFacts } from "../../gates/json.ts";
import { type Plan, textOf } from "../../plan/plan.ts";
import { type Held, heldFile, readHeld, type ServedCode, servedFile } from "../../stacks/held.ts";
import { plannedContainer } from "../docker.ts";
import { writeJson } from "../write-whole.ts";

/** The code of Odoo that a plan serves. */
export function codeOf(plan: Plan): ServedCode {
  return {
    image: textOf(plannedContainer(plan, "odoo"), "image"),
    modules: [...gateFacts(plan).settings.odoo.modules],
  };
}

export function sameCode(one: ServedCode, other: ServedCode): boolean {
  return one.image === other.image && one.modules.join() === other.modules.join();
}

export function rememberServed(root: string, plan: Plan): void {
  writeJson(join(root, servedFile(plan.stack)), codeOf(plan));
}

/** From here on every plan of the stack serves this code. */
export function hold(root: string, stack: string, held: Held): void {
  writeJson(join(root, heldFile(stack)), held);
}

export function letGo(root: string, stack: string): void {
  rmSync(join(root, heldFile(stack)), { force: true });
}

/**
 * Lets go of held code where the sources are others than those that failed: those are worth another try.
 *
 * @param wanted plan of the sources, whatever is held.
 * @returns what is still held.
 */
export function letGoOfOther(root: string, wanted: Plan): Held | undefined {
  const held = readHeld(root, wanted.stack);
  if (held === undefined || sameCode(held.instead, codeOf(wanted))) return held;
  letGo(root, wanted.stack);
  return undefined;
}
