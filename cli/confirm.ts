import { createInterface } from "node:readline/promises";

import { Fault } from "../engine/fault.ts";
import { gateFacts } from "../gates/json.ts";
import { type Plan, resourcesOf, TYPES } from "../plan/plan.ts";

/**
 * Asks for the stack's name before something that loses data.
 *
 * @param yes the operator said `--yes`, which is enough where nothing is protected.
 * @param what such as "replace the database".
 * @throws Fault unless it was typed.
 */
export async function confirm(plan: Plan, yes: boolean, what: string): Promise<void> {
  const guarded =
    gateFacts(plan).settings.stage === "production" || resourcesOf(plan, TYPES.volume).some(({ protect }) => protect);
  if (yes && !guarded) return;
  if (!process.stdin.isTTY)
    throw new Fault(
      guarded
        ? `Stack ${plan.stack} is protected: its name must be typed, which needs a terminal.`
        : `This would ${what} in stack ${plan.stack}; say --yes where nobody can be asked.`,
    );
  await typedName(plan.stack, `This would ${what} in stack ${plan.stack}. Type its name to go on: `);
}

/** @throws Fault unless the stack's name was typed. */
export async function typedName(stack: string, question: string): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(question);
  terminal.close();
  if (answer.trim() !== stack)
    throw new Fault(`Nothing was changed: ${JSON.stringify(answer.trim())} is not ${stack}.`);
}
