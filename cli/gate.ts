import { type Command, InvalidArgumentError, Option } from "commander";

import { Fault, messageOf } from "../engine/fault.ts";
import { PHASES } from "../plan/phase.ts";
import type { GateFacts } from "../gates/facts.ts";
import type { Signer } from "../gates/seal.ts";

interface GateOptions {
  readonly stack: string;
  readonly phase?: number;
  readonly stdin?: boolean;
  readonly signers?: string;
  readonly json?: boolean;
  readonly format: "table" | "json" | "junit" | "markdown";
}

export function register(command: Command): void {
  command
    .option("-s, --stack <name>", "which stack: the name in Pulumi.<name>.yaml", "dev")
    .option(
      "-p, --phase <number>",
      "decide up to this phase, which needs every earlier one; without it, all",
      phaseNumber,
    )
    .option(
      "--stdin",
      "decide from outputs on standard input, with today's clock, instead of from the plan and the evidence here",
    )
    .option(
      "--signers <file>",
      "let only these keys count, such as evidence/signers.json of a checkout that you trust, whatever the outputs say",
    )
    .addOption(
      new Option("-f, --format <name>", "how to print it")
        .choices(["table", "json", "junit", "markdown"])
        .default("table"),
    )
    .option("--json", "the same as --format json")
    .addHelpText(
      "after",
      "\nExit code 0 is GO, 1 anything else, 2 wrong usage or input from which nothing can be decided. The JSON is described in docs/gate.schema.json.\n\nExamples:\n  npm run platform -- gate --phase 2\n  pulumi stack output --json | npm run --silent platform -- gate --stdin --phase 2 --format junit",
    )
    .action(async ({ stack, phase, stdin = false, signers, json = false, format }: GateOptions) => {
      const [{ TASKS }, report] = await Promise.all([import("../gates/tasks.ts"), import("../gates/report.ts")]);
      const found = stdin ? await factsFromStdin() : await factsFromPlan(stack);
      const facts = signers === undefined ? found : { ...found, signers: await signersIn(signers) };
      const decided = report.gateReport(TASKS, facts, new Date(), phase);
      const print = {
        table: report.reportTable,
        json: report.reportJson,
        junit: report.reportJunit,
        markdown: report.reportMarkdown,
      };
      process.stdout.write(`${print[json ? "json" : format](decided)}\n`);
      process.exitCode = decided.verdict === "GO" ? 0 : 1;
    });
}

/** The number of a phase, from the command line. */
export function phaseNumber(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) >= PHASES.length)
    throw new InvalidArgumentError(`A phase is a number from 0 to ${PHASES.length - 1}.`);
  return Number(text);
}

async function factsFromPlan(stack: string): Promise<GateFacts> {
  const [{ planStack }, { gateFacts }] = await Promise.all([
    import("../engine/stack-plan.ts"),
    import("../gates/json.ts"),
  ]);
  return gateFacts(await planStack(stack));
}

async function factsFromStdin(): Promise<GateFacts> {
  const [{ text }, { readGateFacts }] = await Promise.all([
    import("node:stream/consumers"),
    import("../gates/json.ts"),
  ]);
  if (process.stdin.isTTY)
    throw new Fault("--stdin reads a stack's outputs; pipe `pulumi stack output --json` into this command", 2);
  const piped = await text(process.stdin);
  try {
    return readGateFacts(piped);
  } catch (error) {
    throw new Fault(`gate --stdin: ${messageOf(error)}`, 2);
  }
}

async function signersIn(file: string): Promise<Signer[]> {
  const [{ existsSync }, { readSigners }] = await Promise.all([import("node:fs"), import("../stacks/signers.ts")]);
  if (!existsSync(file)) throw new Fault(`--signers: there is no file ${file}`, 2);
  return readSigners(process.cwd(), file);
}
