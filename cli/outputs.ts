import type { Command } from "commander";

import { madeWith } from "../engine/choose.ts";
import { planStack } from "../engine/stack-plan.ts";
import { isSecret, type PlanValue } from "../plan/plan.ts";
import { open, projectRoot, type StackOptions, withEngine, withStack } from "./context.ts";

interface OutputsOptions extends StackOptions {
  readonly engine?: string;
  readonly showSecrets?: boolean;
}

export function register(command: Command): void {
  withEngine(withStack(command))
    .option("--json", "as JSON; this is the default, and the option is there for symmetry with other verbs")
    .option("--show-secrets", "print the values of secret outputs")
    .addHelpText(
      "after",
      "\nExample:\n  npm run --silent platform -- outputs --stack prod --json | npm run --silent platform -- gate --stdin --phase 2",
    )
    .action(async ({ stack, engine: wanted, showSecrets = false }: OutputsOptions) => {
      // Pulumi keeps the outputs of its last update; for Compose they are what the plan says.
      if (wanted === "pulumi" || madeWith(projectRoot(), stack) === "pulumi") {
        const { engine } = await open(stack, wanted);
        print((await engine.outputs?.(showSecrets)) ?? {});
        return;
      }
      const { outputs } = await planStack(stack, { root: projectRoot() });
      const secret = showSecrets ? await (await open(stack, wanted)).engine.secret("odoo-admin-password") : "[secret]";
      print(mask(outputs, secret));
    });
}

function print(outputs: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(outputs, null, 2)}\n`);
}

/** As `pulumi stack output --json`: secret values are masked. */
function mask(outputs: { readonly [key: string]: PlanValue }, secret: string): Record<string, PlanValue> {
  return Object.fromEntries(Object.entries(outputs).map(([key, value]) => [key, isSecret(value) ? secret : value]));
}
