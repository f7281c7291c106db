import Table from "cli-table3";
import type { Command } from "commander";

import { connectDocker } from "../engine/docker.ts";
import type { Say } from "../engine/engine.ts";
import { Fault } from "../engine/fault.ts";
import { withLock } from "../engine/lock.ts";
import { planStack } from "../engine/stack-plan.ts";
import { projectRoot, type StackOptions, withStack } from "./context.ts";
import { wholeNumber } from "./number.ts";

/** Highest number of a pull request that is believed. */
const HIGHEST = 999_999;
const PREVIEWS = "previews";

const number = wholeNumber(1, HIGHEST);

export function register(command: Command): void {
  command.addHelpText(
    "after",
    "\nA preview is a stack pr-N of one commit, with neutralised data and ports of its own; it is swept when its time is over.\nEvery other verb takes it too, as --stack pr-N. --stack here names the stack that it is made beside, whose `previews` say\nhow many there may be and for how long.\n\nExamples:\n  npm run platform -- preview open 12 feature/invoices\n  npm run platform -- preview connect 12 --as demo\n  npm run platform -- preview close 12\n  npm run platform -- logs odoo --stack pr-12",
  );
  withStack(command.command("open"))
    .description("serve a commit; one that is open goes on to another commit, with the data that it has")
    .argument("<number>", "of the pull request", number)
    .argument("[ref]", "branch, tag or commit", "HEAD")
    .option("--json", "the preview, for programs")
    .action(open);
  command
    .command("list")
    .description("previews, and until when they are there")
    .option("--json", "for programs")
    .action(list);
  command
    .command("connect")
    .description("a link that logs in without a password: good once, and for five minutes")
    .argument("<number>", "of the pull request", number)
    .option("--as <login>", "as whom: with demonstration data admin, demo and portal are there", "admin")
    .action(connect);
  withStack(command.command("close"))
    .description("remove a preview, with its data and its images")
    .argument("[number]", "of the pull request", number)
    .option("--all", "all of them, and the database that they begin with")
    .action(close);
  withStack(command.command("sweep"))
    .description("remove what is over, too large, or on no record")
    .action(({ stack }: StackOptions) => swept(stack));
}

const say: Say = (line) => {
  process.stderr.write(`${line}\n`);
};

async function open(wanted: number, ref: string, { stack, json = false }: StackOptions): Promise<void> {
  const root = projectRoot();
  const [{ ensureEngine }, { openPreview }] = await Promise.all([
    import("../engine/docker-engine.ts"),
    import("../engine/preview/open.ts"),
  ]);
  const beside = await planStack(stack, { root });
  const docker = await ensureEngine(say);
  const preview = await withLock(root, PREVIEWS, () =>
    openPreview({ root, docker, beside, number: wanted, ref, say, now: new Date() }),
  );
  process.stdout.write(
    json
      ? `${JSON.stringify(preview, undefined, 2)}\n`
      : `${preview.url} serves ${preview.commit.slice(0, 12)} until ${preview.endsAt}; \`npm run platform -- preview connect ${wanted}\` lets you in.\n`,
  );
}

async function list({ json = false }: { json?: boolean }): Promise<void> {
  const { readPreviews } = await import("../engine/preview/preview.ts");
  const previews = readPreviews(projectRoot());
  if (json) {
    process.stdout.write(`${JSON.stringify(previews, undefined, 2)}\n`);
    return;
  }
  const table = new Table({
    head: ["Preview", "Of", "Commit", "State", "Until", "URL"],
    style: { head: [], border: [] },
  });
  for (const { number, ref, commit, state, endsAt, url } of previews)
    table.push([number, ref, commit.slice(0, 12), state, endsAt, url]);
  process.stdout.write(previews.length === 0 ? "There are no previews.\n" : `${table.toString()}\n`);
}

async function connect(wanted: number, { as: login }: { as: string }): Promise<void> {
  const { connectAs } = await import("../engine/preview/connect.ts");
  process.stdout.write(`${await connectAs({ root: projectRoot(), docker: connectDocker(), number: wanted, login })}\n`);
}

async function close(wanted: number | undefined, { stack, all = false }: StackOptions & { all?: boolean }) {
  if ((wanted === undefined) !== all) throw new Fault("Name the preview to close, or say --all.", 2);
  const root = projectRoot();
  const { closeAll, closePreview } = await import("../engine/preview/close.ts");
  const { project } = await planStack(stack, { root });
  const args = { root, docker: connectDocker(), project };
  await withLock(root, PREVIEWS, () => (wanted === undefined ? closeAll(args, say) : closePreview(args, wanted)));
  process.stdout.write(wanted === undefined ? "No preview is left.\n" : `Preview ${wanted} is gone.\n`);
}

async function swept(stack: string): Promise<void> {
  const root = projectRoot();
  const [{ sweep }, { limitsOf }] = await Promise.all([
    import("../engine/preview/close.ts"),
    import("../engine/preview/open.ts"),
  ]);
  const beside = await planStack(stack, { root });
  const { mostGiB } = limitsOf(beside);
  const gone = await withLock(root, PREVIEWS, () =>
    sweep({ root, docker: connectDocker(), project: beside.project, now: new Date(), mostGiB }),
  );
  process.stdout.write(gone.length === 0 ? "Nothing is over.\n" : `${gone.join("\n")}\n`);
}
