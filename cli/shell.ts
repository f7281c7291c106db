import { userInfo } from "node:os";

import type { Command } from "commander";

import { connectDocker, containerName, plannedContainer, tolerate } from "../engine/docker.ts";
import { Fault } from "../engine/fault.ts";
import { planStack } from "../engine/stack-plan.ts";
import { gateFacts } from "../gates/json.ts";
import { projectRoot, type StackOptions, withStack } from "./context.ts";

interface ShellOptions extends StackOptions {
  readonly url?: boolean;
}

export function register(command: Command): void {
  withStack(command)
    .option("--url", "print where the web shell is, and open nothing")
    .addHelpText(
      "after",
      "\nThe same terminals as the web shell's, recorded and written down in the same way, for who works at the machine.\n\nExample:\n  npm run platform -- shell --stack staging",
    )
    .action(run);
}

async function run({ stack, url = false }: ShellOptions): Promise<void> {
  const plan = await planStack(stack, { root: projectRoot() });
  const { webShell, edge } = gateFacts(plan).settings;
  if (webShell === undefined || edge.hosts.shell === undefined)
    throw new Fault(`Stack ${stack} has no web shell; set identity.enabled and shell.enabled in Pulumi.${stack}.yaml.`);
  if (url) {
    const { urlOf } = await import("../components/edge.ts");
    process.stdout.write(`${urlOf(edge, edge.hosts.shell)}\n`);
    return;
  }
  const { stdin: input, stdout: output } = process;
  if (!input.isTTY || !output.isTTY)
    throw new Fault("A shell needs a terminal, and standard input or output is none; --url prints the web shell's.", 2);
  const { terminalIn } = await import("../engine/docker-terminal.ts");
  const container = containerName(plannedContainer(plan, "shell-gate"));
  const command = ["platform-shell", "session", "--as", userInfo().username];
  const exitCode = await tolerate([404, 409], terminalIn(connectDocker(), container, command, { input, output }));
  if (exitCode === undefined)
    throw new Fault(`${container} does not run; \`npm run platform -- up --stack ${stack}\` starts it.`);
  process.exitCode = exitCode === 0 ? 0 : 1;
}
