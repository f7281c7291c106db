import Table from "cli-table3";
import { type Command, Option } from "commander";

import { Fault } from "../engine/fault.ts";
import { planStack } from "../engine/stack-plan.ts";
import { ofNoMachine } from "../stacks/inputs.ts";
import { planDigest } from "../plan/digest.ts";
import type { Plan } from "../plan/plan.ts";
import { evaluatePlan } from "../policies/evaluate.ts";
import { projectRoot, type StackOptions, withStack } from "./context.ts";
import { findingsTable } from "./findings.ts";

type Format = "table" | "json" | "markdown";

interface PlanOptions extends StackOptions {
  readonly against?: string;
  readonly format?: Format;
}

export function register(command: Command): void {
  withStack(command)
    .option(
      "--against <ref>",
      "what differs from the plan at a git ref: resources, data at risk, findings of the policies, phases",
    )
    .addOption(
      new Option("-f, --format <name>", "how to print it (default: table)").choices(["table", "json", "markdown"]),
    )
    .option(
      "--json",
      "the same as --format json: resources with parents, dependencies and inputs, outputs, and findings of the policies",
    )
    .addHelpText(
      "after",
      "\nNeeds no credentials and no network. Exit code 0 also where something differs, 1 where a side can't be planned.\n\nExamples:\n  npm run platform -- plan --stack prod --json\n  npm run --silent platform -- plan --stack prod --against origin/main --format markdown",
    )
    .action(async ({ stack, against, json = false, format = json ? "json" : "table" }: PlanOptions) => {
      if (against !== undefined) {
        await compare(stack, against, format);
        return;
      }
      if (format === "markdown")
        throw new Fault("--format markdown is for a comparison; add --against <ref>, such as --against origin/main", 2);
      const plan = await planStack(stack, { root: projectRoot() });
      const findings = evaluatePlan(plan, { now: new Date() });
      process.stdout.write(
        format === "json"
          ? `${JSON.stringify({ digest: planDigest(plan), ...plan, findings }, null, 2)}\n`
          : `${table(plan)}\n${findingsTable(findings, stack)}\n`,
      );
    });
}

async function compare(stack: string, ref: string, format: Format): Promise<void> {
  const [{ planAt }, { diffPlans }, { diffFindings }, { diffMarkdown, diffText }] = await Promise.all([
    import("../engine/plan-at.ts"),
    import("../plan/diff.ts"),
    import("../plan/diff-findings.ts"),
    import("../plan/diff-report.ts"),
  ]);
  const root = projectRoot();
  // What was found on this machine is no part of a change that is reviewed.
  const after = await planStack(stack, { root, override: ofNoMachine });
  const before = (await planAt(root, stack, ref)) ?? { ...after, resources: [], outputs: {} };
  // Both sides by today's rules: a finding is new because of the change, not because of a rule.
  const now = new Date();
  const findings = diffFindings(evaluatePlan(before, { now }), evaluatePlan(after, { now }));
  const diff = { ...diffPlans(before, after), findings };
  const print = {
    table: () => diffText(diff, ref),
    json: () => JSON.stringify({ ref, ...diff }, null, 2),
    markdown: () => diffMarkdown(diff, ref),
  };
  process.stdout.write(`${print[format]()}\n`);
}

function table(plan: Plan): string {
  const lines = new Table({ head: ["type", "name", "parent", ""], style: { head: [], border: [] } });
  for (const { type, name, parent = "", protect } of plan.resources) {
    lines.push([type, name, parent.slice(parent.lastIndexOf("::") + 2), protect ? "protected" : ""]);
  }
  return `${lines.toString()}\n${plan.resources.length} resources, digest ${planDigest(plan).slice(0, 12)}\n`;
}
