import type { Command } from "commander";

import { phaseNumber } from "./gate.ts";

interface VerifyOptions {
  readonly stack: string;
  readonly task?: readonly string[];
  readonly phase?: number;
  readonly json?: boolean;
}

export function register(command: Command): void {
  command
    .option("-s, --stack <name>", "which stack: the name in Pulumi.<name>.yaml", "dev")
    .option(
      "-t, --task <ids...>",
      "only these tasks, such as 2.5 2.8; the only way to run those that bring systems up (2.1)",
    )
    .option("-p, --phase <number>", "only tasks of this phase", phaseNumber)
    .option("--json", "the results, for programs")
    .addHelpText(
      "after",
      "\nExit code 0 when every claim holds, 1 when one doesn't. Evidence goes to evidence/<stack>/<task>.json.\n\nExamples:\n  npm run platform -- verify\n  npm run platform -- verify --stack staging --phase 2\n  npm run platform -- verify --task 2.8 2.11",
    )
    .action(async ({ stack, task, phase, json = false }: VerifyOptions) => {
      const [{ planStack }, { connectDocker }, { runProbes }, { convertUnreadable }, { PROBES }, { publishFindings }] =
        await Promise.all([
          import("../engine/stack-plan.ts"),
          import("../engine/docker.ts"),
          import("../probes/run.ts"),
          import("../probes/evidence-store.ts"),
          import("../probes/index.ts"),
          import("./publish.ts"),
        ]);
      const known = PROBES.map((probe) => probe.task as string);
      const unknown = (task ?? []).filter((id) => !known.includes(id));
      if (unknown.length > 0)
        command.error(`error: no probe measures ${unknown.join(", ")}; --task takes ${known.join(", ")}`);
      const chosen = PROBES.filter((probe) =>
        task === undefined ? probe.onDemand !== true : task.includes(probe.task),
      )
        .map((probe) => probe.task as string)
        .filter((id) => phase === undefined || id.startsWith(`${phase}.`));
      if (chosen.length === 0)
        command.error(`error: no probe measures a task of phase ${phase ?? ""}; probes measure ${known.join(", ")}`);

      const root = process.cwd();
      const say = json ? () => undefined : (line: string) => void process.stdout.write(`${line}\n`);
      for (const id of convertUnreadable(root, stack, new Date()))
        say(`${id}: its evidence could not be read, and does not count`);
      const plan = await planStack(stack, { root });
      const docker = connectDocker();
      const results = await runProbes({ root, docker, plan, scope: chosen, say });
      await publishFindings({ root, docker, plan }, say);

      const failed = results.filter(({ holds }) => !holds);
      const mends = [...new Set(failed.flatMap((result) => result.mends))];
      if (json) process.stdout.write(`${JSON.stringify({ stack, results }, null, 2)}\n`);
      say(`\n${results.length - failed.length} of ${results.length} hold; evidence is in evidence/${stack}.`);
      if (failed.length > 0) say(`Not: ${failed.map((result) => `${result.task} ${result.title}`).join(", ")}.`);
      if (mends.length > 0) say(`\`npm run platform -- up --stack ${stack}\` makes ${mends.join(", ")} anew.`);
      process.exitCode = failed.length === 0 ? 0 : 1;
    });
}
