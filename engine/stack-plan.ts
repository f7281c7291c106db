import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { RunError } from "@pulumi/pulumi";
import { parse } from "yaml";

import type { Plan } from "../plan/plan.ts";
import { type Inputs, type Origin, readInputs } from "../stacks/inputs.ts";
import { program } from "../stacks/program.ts";
import { evaluate } from "./evaluate.ts";

export interface StackPlanArgs {
  /** Folder of the project. @default the current one */
  readonly root?: string;
  /** Changes what the program takes from outside, such as the clock or the machine's facts. */
  readonly override?: (inputs: Inputs) => Inputs;
  /** As `pulumi preview` would. @default false */
  readonly preview?: boolean;
}

/** Evaluates this project's program for one of its stacks. */
export async function planStack(stack: string, args: StackPlanArgs = {}): Promise<Plan> {
  const { root = process.cwd(), override = (inputs) => inputs, preview = false } = args;
  const origin = originOf(root, stack);
  return evaluate({ ...origin, program: () => program(override(readInputs(root, origin))), preview });
}

/** A stack of the project in this folder, as Pulumi would hand it to the program. */
export function originOf(root: string, stack: string): Origin {
  const { name } = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as { name: string };
  return { project: name, stack, config: stackConfig(root, stack) };
}

/** Stacks that have a file in the project, sorted. */
export function stacksOf(root: string): string[] {
  return readdirSync(root)
    .flatMap((file) => /^Pulumi\.([a-z0-9-]+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

/** A stack's configuration in the form that Pulumi hands to programs. Secret values stay encrypted: a plan holds none. */
export function stackConfig(root: string, stack: string): Record<string, string> {
  const file = join(root, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) {
    throw new RunError(
      `There is no stack ${stack}: Pulumi.${stack}.yaml is missing. Stacks here: ${stacksOf(root).join(", ")}.`,
    );
  }
  let parsed: { config?: Record<string, unknown> | null } | null;
  try {
    parsed = parse(readFileSync(file, "utf8")) as typeof parsed;
  } catch (error) {
    throw new RunError(`Pulumi.${stack}.yaml can't be read: ${(error as Error).message.trimEnd()}`);
  }
  const config = parsed?.config ?? {};
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
