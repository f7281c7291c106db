import Table from "cli-table3";
import type { Command } from "commander";

import { planStack } from "../engine/stack-plan.ts";
import { planDigest } from "../plan/digest.ts";
import { evaluatePlan } from "../policies/evaluate.ts";
import { projectRoot, type StackOptions, withStack } from "./context.ts";
import { findingsTable } from "./findings.ts";

export function register(command: Command): void {
  withStack(command)
    .option(
      "--json",
      "the whole plan: resources with parents, dependencies and inputs, outputs, and findings of the policies",
    )
    .addHelpText("after", "\nExample:\n  npm run platform -- plan --stack prod --json")
    .action(async ({ stack, json = false }: StackOptions) => {
      const plan = await planStack(stack, { root: projectRoot() });
      const findings = evaluatePlan(plan, { now: new Date() });
      if (json) {
        process.stdout.write(`${JSON.stringify({ digest: planDigest(plan), ...plan, findings }, null, 2)}\n`);
        return;
      }
      const table = new Table({ head: ["type", "name", "parent", ""], style: { head: [], border: [] } });
      for (const { type, name, parent = "", protect } of plan.resources) {
        table.push([type, name, parent.slice(parent.lastIndexOf("::") + 2), protect ? "protected" : ""]);
      }
      process.stdout.write(
        `${table.toString()}\n${plan.resources.length} resources, digest ${planDigest(plan).slice(0, 12)}\n\n${findingsTable(findings, stack)}\n`,
      );
    });
}
