import { type Command, InvalidArgumentError } from "commander";

import { Fault, messageOf } from "../engine/fault.ts";
import type { Lessons } from "../gates/records/record.ts";
import { projectRoot, type StackOptions, withStack } from "./context.ts";

interface AddOptions extends StackOptions {
  readonly what: string;
  readonly why: string;
  readonly action: string;
  readonly owner: string;
  readonly due: string;
}

export function register(command: Command): void {
  command.addHelpText(
    "after",
    "\nA record of what was learned, at a launch and after it: each lesson opens an action that somebody owns. Signing it\n(`evidence sign --task 6.5`) is refused while an action is late.\n\nExamples:\n  npm run platform -- lessons add --stack prod --what 'orders stood still for an hour' --why 'nobody had a way to print' \\\n    --action 'a second printer' --owner DevOps --due 2026-12-31\n  npm run platform -- lessons done L1 --stack prod --how 'printer 2 stands in the hall'",
  );
  withStack(command.command("add"))
    .description("one more lesson, with the action that it opens")
    .requiredOption("--what <text>", "what happened")
    .requiredOption("--why <text>", "why it could")
    .requiredOption("--action <text>", "what is done about it")
    .requiredOption("--owner <name>", "who does it")
    .requiredOption("--due <day>", "by when, as 2026-12-31", day)
    .action(add);
  withStack(command.command("done"))
    .description("the action of a lesson is done")
    .argument("<lesson>", "such as L1")
    .requiredOption("--how <text>", "what was done")
    .action(done);
  withStack(command.command("list"))
    .description("what was learned, and what is open")
    .option("--json", "for programs")
    .action(list);
}

async function add({ stack, what, why, action, owner, due }: AddOptions): Promise<void> {
  const { withLesson } = await import("../gates/records/lessons.ts");
  const now = new Date();
  const on = now.toISOString().slice(0, 10);
  await change(stack, (before) => {
    const { record, id } = withLesson(before, stack, { on, what, why, action: { what: action, owner, due } }, now);
    return { record, said: `${id} is written, and ${owner} does it until ${due}` };
  });
}

async function done(id: string, { stack, how }: StackOptions & { readonly how: string }): Promise<void> {
  const { withDone } = await import("../gates/records/lessons.ts");
  const now = new Date();
  await change(stack, (before) => {
    try {
      const record = withDone(before, id, { on: now.toISOString().slice(0, 10), how }, now);
      return { record, said: `the action of ${id} is done` };
    } catch (error) {
      throw new Fault(`${messageOf(error)}.`);
    }
  });
}

async function change(
  stack: string,
  make: (before: Lessons | undefined) => { record: Lessons; said: string },
): Promise<void> {
  const { readRecord, writeRecord } = await import("../probes/record-store.ts");
  await refuseUnknown(stack);
  const root = projectRoot();
  const { record, said } = make(readRecord(root, stack, "lessons"));
  process.stdout.write(`${said}: ${writeRecord(root, record)}\n`);
}

async function list({ stack, json = false }: StackOptions): Promise<void> {
  const [{ readRecord }, { recordMarkdown }] = await Promise.all([
    import("../probes/record-store.ts"),
    import("../gates/records/markdown.ts"),
  ]);
  await refuseUnknown(stack);
  const record = readRecord(projectRoot(), stack, "lessons");
  if (json) process.stdout.write(`${JSON.stringify(record?.lessons ?? [], null, 2)}\n`);
  else process.stdout.write(record === undefined ? `Stack ${stack} has no lessons yet.\n` : recordMarkdown(record));
}

/** A typing error must not open a record of a stack that there is not. */
async function refuseUnknown(stack: string): Promise<void> {
  const { existsSync } = await import("node:fs");
  if (!existsSync(`${projectRoot()}/Pulumi.${stack}.yaml`))
    throw new Fault(`There is no stack ${stack}: no Pulumi.${stack}.yaml.`, 2);
}

function day(text: string): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  if (time === undefined || Number.isNaN(time.getTime()))
    throw new InvalidArgumentError("a day is written as 2026-12-31");
  return text;
}
