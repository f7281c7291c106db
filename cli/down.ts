import { rmSync } from "node:fs";
import { join } from "node:path";

import type { Command } from "commander";

import { Fault } from "../engine/fault.ts";
import { withLock } from "../engine/lock.ts";
import { type Plan, resourcesOf, TYPES } from "../plan/plan.ts";
import { typedName } from "./confirm.ts";
import { open, type StackOptions, withEngine, withStack } from "./context.ts";

interface DownOptions extends StackOptions {
  readonly engine?: string;
  readonly volumes?: boolean;
  readonly yes?: boolean;
}

export function register(command: Command): void {
  withEngine(withStack(command))
    .option("--volumes", "remove the data too: databases, files, certificates, secrets")
    .option("-y, --yes", "don't ask for the stack's name before data is removed")
    .addHelpText(
      "after",
      "\nExample:\n  npm run platform -- down\n  npm run platform -- down --stack staging --volumes",
    )
    .action(async ({ stack, engine: wanted, volumes = false, yes = false }: DownOptions) => {
      const { root, plan, engine } = await open(stack, wanted);
      if (volumes) await confirm(plan, yes);
      await withLock(root, stack, () => engine.down(plan, { volumes }, (line) => process.stdout.write(`${line}\n`)));
      // Without its data a stack starts anew: its secrets, its engine and what was proven of it are gone with it.
      if (volumes) {
        rmSync(join(root, ".platform", stack), { recursive: true, force: true });
        rmSync(join(root, "evidence", stack), { recursive: true, force: true });
      }
      process.stdout.write(
        volumes ? `Stack ${stack} and its data are gone.\n` : `Stack ${stack} is down; its data stays.\n`,
      );
    });
}

/** @throws Fault unless the operator typed the stack's name, said --yes, and the stack lets its data be removed. */
async function confirm(plan: Plan, yes: boolean): Promise<void> {
  if (resourcesOf(plan, TYPES.volume).some(({ protect }) => protect)) {
    throw new Fault(
      `The data of stack ${plan.stack} is protected. Set protectData: false in Pulumi.${plan.stack}.yaml first, if it is really to be removed.`,
    );
  }
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new Fault(`--volumes removes all data of stack ${plan.stack}; say --yes where nobody can be asked.`);
  await typedName(plan.stack, `This removes all data of stack ${plan.stack}. Type its name to go on: `);
}
