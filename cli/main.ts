import { Command, CommanderError } from "commander";
import { RunError } from "@pulumi/pulumi/errors.js";

import { Fault, messageOf } from "../engine/fault.ts";

/** Each verb with its module, which is loaded only when the verb is used: a plan must not wait for a Docker client. */
const VERBS: readonly (readonly [
  verb: string,
  summary: string,
  load: () => Promise<{ register: (command: Command) => void }>,
])[] = [
  ["up", "bring a stack up, and prove it", () => import("./up.ts")],
  ["update", "update Odoo's modules by what changed, after a backup", () => import("./update.ts")],
  ["rollback", "put back what was served before the last update", () => import("./rollback.ts")],
  ["promote", "bring what one stage serves to the next", () => import("./promote.ts")],
  ["clone", "make a stack a neutralised copy of another one", () => import("./clone.ts")],
  ["cutover", "serve the database and files of another Odoo", () => import("./cutover.ts")],
  ["down", "take a stack down; its data stays unless told otherwise", () => import("./down.ts")],
  ["plan", "what a stack would be, without touching anything", () => import("./plan.ts")],
  ["verify", "exercise the running stack and write evidence", () => import("./verify.ts")],
  ["backup", "a backup into every region, now", () => import("./backup.ts")],
  ["gate", "GO or NO-GO, phase by phase", () => import("./gate.ts")],
  ["evidence", "list, show, commit and sign evidence; whose counts", () => import("./evidence.ts")],
  ["restore", "bring database and files back from one region", () => import("./restore.ts")],
  ["drill", "lose the host in a scratch system, and bring everything back", () => import("./drill.ts")],
  ["ci", "test Odoo modules, each on a clean database", () => import("./ci.ts")],
  ["runbot", "build commits, and list the builds", () => import("./runbot.ts")],
  ["preview", "stacks of single commits, for a while", () => import("./preview.ts")],
  ["status", "what runs, and what is wrong with it", () => import("./status.ts")],
  ["shell", "a recorded terminal beside Odoo or its database", () => import("./shell.ts")],
  ["mcp", "switch assistants off, on, or see which", () => import("./mcp.ts")],
  ["logs", "logs of a service", () => import("./logs.ts")],
  ["outputs", "outputs of a stack, as `pulumi stack output`", () => import("./outputs.ts")],
  ["images", "build the images that a stack needs", () => import("./images.ts")],
  ["lock", "pin OCA addons: add, remove, update, check, why", () => import("./lock.ts")],
  ["review", "the quarter's review, or the plan of what comes next", () => import("./review.ts")],
  ["sla", "what was agreed, and what was measured: the report that Finance signs", () => import("./sla.ts")],
  ["lessons", "what was learned, with the actions that it opens", () => import("./lessons.ts")],
  ["docs", "write generated files, or check that they are current", () => import("./docs.ts")],
  ["doctor", "what this machine has and lacks", () => import("./doctor.ts")],
];

const [first, second] = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const verb = first === "help" ? second : first;
const program = new Command("platform")
  .description("A company's own Odoo.sh: brings stacks up and proves, phase by phase, that they can be trusted.")
  .showHelpAfterError("(add --help for what is allowed)")
  .exitOverride();

for (const [name, summary, load] of VERBS) {
  const command = program
    .command(name)
    .description(summary)
    .exitOverride()
    .showHelpAfterError("(add --help for what is allowed)");
  if (name === verb) (await load()).register(command);
}

// A preview has sources, settings and secrets of its own, and every verb works on those.
program.hook("preAction", async (_, action) => {
  const { stack } = action.opts<{ stack?: string }>();
  if (stack?.startsWith("pr-") !== true) return;
  const { folderOf } = await import("../engine/preview/preview.ts");
  process.chdir(folderOf(process.cwd(), stack));
});

// Whoever reads may have read enough, as `head` does: that is no failure, and what is at work goes on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

// 0 done or GO, 1 refused or NO-GO, 2 usage.
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    process.stderr.write(`${await explain(error)}\n`);
    process.exitCode = error instanceof Fault ? error.exitCode : 1;
  }
}

/** A fault explains itself; anything else is a defect of ours, and its trace helps to mend it. */
async function explain(error: unknown): Promise<string> {
  if (error instanceof Fault || RunError.isInstance(error)) return messageOf(error);
  const { explainConnection } = await import("../engine/docker-engine.ts");
  return (await explainConnection(error)) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
}
