import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { gateFacts } from "../../gates/json.ts";
import { type Plan, textOf } from "../../plan/plan.ts";
import { type Held, heldFile, readHeld, type ServedCode } from "../../stacks/held.ts";
import { plannedContainer } from "../docker.ts";

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

/** The code that was served last, for when nothing runs that could tell. */
export function readServed(root: string, stack: string): ServedCode | undefined {
  const file = join(root, servedFile(stack));
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as ServedCode) : undefined;
}

export function rememberServed(root: string, plan: Plan): void {
  write(join(root, servedFile(plan.stack)), codeOf(plan));
}

/** From here on every plan of the stack serves this code. */
export function hold(root: string, stack: string, held: Held): void {
  write(join(root, heldFile(stack)), held);
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

function servedFile(stack: string): string {
  return `.platform/${stack}/served.json`;
}

function write(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
