import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { Command, CommanderError, InvalidArgumentError } from "commander";
import { RunError } from "@pulumi/pulumi/errors.js";
import { z } from "zod";

import { Fault } from "../engine/fault.ts";
import { columns } from "../gates/report.ts";
import { type ParityScore, odooshParity } from "../gates/odoosh-parity.ts";
import type { PhaseVerdict } from "../plan/phase.ts";

/** What is read of the report of `platform gate --json`. */
const reportSchema = z.object({
  stack: z.string().min(1),
  phases: z.array(
    z.object({ tasks: z.array(z.object({ id: z.string(), status: z.enum(["GO", "NO-GO", "PENDING"]) })).min(1) }),
  ),
});

type Verdicts = readonly { readonly tasks: readonly Pick<PhaseVerdict["tasks"][number], "id" | "status">[] }[];

interface Options {
  readonly stack: string;
  readonly stdin?: boolean;
  readonly json?: boolean;
  readonly atLeast: number;
}

async function main(): Promise<void> {
  const options = new Command("parity")
    .description("How much of Odoo.sh is there: computed from the gates' verdicts, weighted, with what is missing.")
    .option("-s, --stack <name>", "which stack: the name in Pulumi.<name>.yaml", "dev")
    .option("--stdin", "verdicts from standard input, as `platform gate --json` prints them, instead of from the plan")
    .option("--json", "the score, for programs")
    .option("--at-least <percent>", "GO from this score on", percent, 95)
    .addHelpText(
      "after",
      "\nExit code 0 when the score is reached, 1 when it isn't, 2 for wrong usage.\n\nExamples:\n  npm run parity -- --stack prod --at-least 95\n  npm run --silent platform -- gate --stack prod --json | npm run --silent parity -- --stdin --json",
    )
    .exitOverride()
    .parse()
    .opts<Options>();
  const { stack, phases } = options.stdin === true ? await fromStdin() : await fromPlan(options.stack);
  const score = odooshParity(phases as readonly PhaseVerdict[]);
  const reached = score.percent >= options.atLeast;
  const print = { stack, verdict: reached ? "GO" : "NO-GO", atLeast: options.atLeast, ...score };
  process.stdout.write(options.json === true ? `${JSON.stringify(print, null, 2)}\n` : table(print));
  process.exitCode = reached ? 0 : 1;
}

function table({
  stack,
  verdict,
  atLeast,
  ...score
}: ParityScore & { stack: string; verdict: string; atLeast: number }): string {
  const { percent: reached, features, weight, missing } = score;
  const head = `Odoo.sh parity of stack ${stack}: ${reached} % (${features.there} of ${features.total} features, weight ${weight.there} of ${weight.total}): ${verdict}, ${atLeast} % wanted`;
  if (missing.length === 0) return `${head}\n`;
  return `${head}\n\nMissing, the heaviest first\n${columns(missing.map(({ weight, area, name, reason }) => [String(weight), area, name, reason]))}\n`;
}

async function fromPlan(stack: string): Promise<{ stack: string; phases: Verdicts }> {
  // Loaded only here: verdicts that are piped in need no program.
  const [{ planStack }, { gateFacts }, { TASKS }, { decide }] = await Promise.all([
    import("../engine/stack-plan.ts"),
    import("../gates/json.ts"),
    import("../gates/tasks.ts"),
    import("../gates/verdict.ts"),
  ]);
  return { stack, phases: decide(TASKS, gateFacts(await planStack(stack)), new Date()) };
}

async function fromStdin(): Promise<{ stack: string; phases: Verdicts }> {
  const mend = "pipe `npm run --silent platform -- gate --json` into this command";
  if (process.stdin.isTTY) throw new Fault(`--stdin reads verdicts; ${mend}`);
  let value: unknown;
  try {
    value = JSON.parse(await text(process.stdin));
  } catch {
    throw new Fault(`standard input is no JSON; ${mend}`);
  }
  const parsed = reportSchema.safeParse(value);
  if (!parsed.success) throw new Fault(`standard input holds no verdicts; ${mend}\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function percent(value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !(number >= 0 && number <= 100))
    throw new InvalidArgumentError("A score is a number from 0 to 100.");
  return number;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
    } else if (error instanceof Fault || RunError.isInstance(error)) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    } else {
      throw error;
    }
  }
}
