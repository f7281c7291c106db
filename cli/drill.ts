import { type Command, Option } from "commander";

import { Fault } from "../engine/fault.ts";
import { type StackOptions, withStack } from "./context.ts";

interface DrillOptions extends StackOptions {
  readonly region: string;
  readonly escrow?: string;
  readonly asOf?: string;
}

export function register(command: Command): void {
  withStack(command)
    .requiredOption("--region <name>", "the region that is left; `all` drills from each in turn")
    .addOption(escrowOption())
    .option("--as-of <time>", "read the region as it was then, whatever was deleted or overwritten since")
    .option("--json", "the reports, for programs")
    .addHelpText(
      "after",
      "\nThe host is lost, and one region and the escrow file are left: everything comes back in a scratch system that is\ngone afterwards. What runs is not touched. Exit code 0 when every check holds within RPO and RTO, 1 otherwise.\n\nExample:\n  npm run platform -- drill --region eu-central --escrow /media/safe/escrow.json",
    )
    .action(async ({ stack, region, escrow, asOf, json = false }: DrillOptions) => {
      const [{ connectDocker }, { planStack }, { drill }, { regionsOf }, { describeReport }, { withLock }] =
        await Promise.all([
          import("../engine/docker.ts"),
          import("../engine/stack-plan.ts"),
          import("../probes/drill.ts"),
          import("../engine/restore/regions.ts"),
          import("../engine/restore/report.ts"),
          import("../engine/lock.ts"),
        ]);
      const root = process.cwd();
      const plan = await planStack(stack, { root });
      const known = regionsOf(plan);
      if (region !== "all" && !known.includes(region))
        throw new Fault(`Stack ${stack} has no region ${region}; it has ${known.join(", ") || "none"}.`, 2);
      const say = (line: string) => process.stderr.write(`${line}\n`);
      // Beside anything that changes the stack: a drill touches nothing of it. One drill at a time, though.
      const reports = await withLock(root, `${stack}-drill`, () =>
        drill({
          ...{ root, plan, docker: connectDocker(), say },
          regions: region === "all" ? known : [region],
          ...(escrow === undefined ? {} : { escrow }),
          ...(asOf === undefined ? {} : { asOf }),
        }),
      );
      if (json) process.stdout.write(`${JSON.stringify(reports, undefined, 2)}\n`);
      else for (const report of reports) process.stdout.write(`${describeReport(report)}\n`);
      if (!reports.every(({ holds }) => holds)) process.exitCode = 1;
    });
}

/** Where the escrow file lies. */
export function escrowOption(): Option {
  return new Option("--escrow <file>", "what the operator keeps of the keys").env("PLATFORM_ESCROW");
}
