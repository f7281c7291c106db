import type { Command } from "commander";

import { ensureEngine } from "../engine/docker-engine.ts";
import { buildImages, settleBases } from "../engine/images.ts";
import { imageVariables } from "../engine/generated.ts";
import { originOf, planStack } from "../engine/stack-plan.ts";
import { readInputs } from "../stacks/inputs.ts";
import { projectRoot, type StackOptions, withStack } from "./context.ts";

export function register(command: Command): void {
  withStack(command)
    .option("--env", "print the variables that docker-compose.yml needs on this machine, for .env")
    .addHelpText("after", "\nExample:\n  npm run platform -- images --stack prod")
    .action(async ({ stack, env = false }: StackOptions & { env?: boolean }) => {
      const root = projectRoot();
      // Standard output is for the variables alone, so that it can be appended to .env.
      const say = (line: string): void => void (env ? process.stderr : process.stdout).write(`${line}\n`);
      const inputs = readInputs(root, originOf(root, stack));
      const docker = await ensureEngine(say);
      await settleBases(docker, root, inputs, say);
      const plan = await planStack(stack, { root });
      const built = await buildImages(docker, root, plan, say);
      say(built.length === 0 ? "All images are there." : `Built ${built.join(", ")}.`);
      if (env) process.stdout.write(`${imageVariables(plan).join("\n")}\n`);
    });
}
