import { readFileSync } from "node:fs";

import Table from "cli-table3";
import { type Command, InvalidArgumentError } from "commander";

import { Fault, messageOf } from "../engine/fault.ts";
import type { Build } from "../engine/runbot/build.ts";
import { projectRoot, type StackOptions, withStack } from "./context.ts";
import { wholeNumber } from "./number.ts";

interface BuildOptions extends StackOptions {
  readonly branch?: string;
  readonly base?: string;
  readonly report?: string;
}

interface WatchOptions extends StackOptions {
  readonly remote: string;
  readonly every: number;
  readonly base: string;
  readonly report?: string;
}

/** File with the token for the Git host: never an argument or a variable, which others can read. */
const TOKEN_FILE = ".platform/git-host-token";

export function register(command: Command): void {
  command.addHelpText(
    "after",
    `\nA build is all modules that a commit touches, each on a clean database: green, yellow where something warned, red where\na test failed. Builds are listed on a page beside the status page. --report takes a token from ${TOKEN_FILE}.\n\nExamples:\n  npm run platform -- runbot build --base origin/main\n  npm run platform -- runbot watch --remote origin --report company/odoo`,
  );
  withStack(command.command("build"))
    .description("build a commit, by default the one that is checked out; exit code 0 when it is green, else 1")
    .argument("[ref]", "branch, tag or commit", "HEAD")
    .option("--branch <name>", "name that it is listed under; by default the branch that is checked out, or the ref")
    .option("--base <ref>", "build what differs from there; without it, all first-party modules")
    .option("--report <repository>", "tell the Git host: owner/name", repository)
    .option("--json", "the build, for programs")
    .action(build);
  withStack(command.command("list")).description("builds, newest first").option("--json", "for programs").action(list);
  withStack(command.command("page")).description("write the page of all builds anew").action(page);
  withStack(command.command("watch"))
    .description("build every new commit at the head of a remote's branches, until it is ended")
    .option("--remote <name>", "whose branches", "origin")
    .option("--every <seconds>", "how often to look", wholeNumber(5, 86_400), 60)
    .option("--base <branch>", "branch of the remote that others are compared with", "main")
    .option("--report <repository>", "tell the Git host: owner/name", repository)
    .action(watch);
}

async function build(ref: string, { stack, branch, base, report, json = false }: BuildOptions): Promise<void> {
  const root = projectRoot();
  const { git } = await import("../engine/worktree.ts");
  const head = ref === "HEAD" ? (await git(root, ["rev-parse", "--abbrev-ref", "HEAD"])).stdout.trim() : ref;
  const made = await buildOne({
    root,
    stack,
    ref,
    branch: branch ?? head,
    ...(base === undefined ? {} : { base }),
    report,
  });
  process.stdout.write(json ? `${JSON.stringify(made, undefined, 2)}\n` : `${made.status}: ${made.detail}\n`);
  if (made.status !== "green") process.exitCode = 1;
}

interface OneBuild {
  readonly root: string;
  readonly stack: string;
  readonly ref: string;
  readonly branch: string;
  readonly base?: string;
  readonly report: string | undefined;
}

async function buildOne({ report, ...args }: OneBuild): Promise<Build> {
  const { root, stack } = args;
  const [{ ensureEngine }, { buildCommit }, { withLock }, { publishBuilds }, { planStack }, { reportStatus }] =
    await Promise.all([
      import("../engine/docker-engine.ts"),
      import("../engine/runbot/run.ts"),
      import("../engine/lock.ts"),
      import("../engine/runbot/publish.ts"),
      import("../engine/stack-plan.ts"),
      import("../engine/runbot/commit-status.ts"),
    ]);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const docker = await ensureEngine(say);
  const tell = async (state: Build, url?: string): Promise<void> => {
    if (report === undefined) return;
    const target = { repository: report, token: tokenOf(root), ...(url === undefined ? {} : { url }) };
    // A build is what it is, whether or not its host hears of it.
    await reportStatus(state, { ...target, ...apiOf() }).catch((error: unknown) => say(messageOf(error)));
  };
  if (report !== undefined) tokenOf(root);
  // The databases that are kept are one run's at a time.
  const made = await withLock(root, "module-tests", () =>
    buildCommit({ ...args, docker, say, onBegin: (begun) => tell(begun) }),
  );
  const { url } = await publishBuilds(root, docker, await planStack(stack, { root }), new Date());
  await tell(made, url === undefined ? undefined : `${url}${made.id}/`);
  return made;
}

async function list({ json = false }: StackOptions): Promise<void> {
  const { readBuilds } = await import("../engine/runbot/store.ts");
  const builds = readBuilds(projectRoot());
  if (json) {
    process.stdout.write(`${JSON.stringify(builds, undefined, 2)}\n`);
    return;
  }
  const table = new Table({ head: ["Build", "Branch", "Verdict", "Commit", "Seen"], style: { head: [], border: [] } });
  for (const { id, branch, status, subject, detail } of builds)
    table.push([id, branch, status, subject, detail.slice(0, 80)]);
  process.stdout.write(builds.length === 0 ? "Nothing was built yet.\n" : `${table.toString()}\n`);
}

async function page({ stack }: StackOptions): Promise<void> {
  const [{ connectDocker }, { publishBuilds }, { planStack }] = await Promise.all([
    import("../engine/docker.ts"),
    import("../engine/runbot/publish.ts"),
    import("../engine/stack-plan.ts"),
  ]);
  const root = projectRoot();
  const { file, url } = await publishBuilds(root, connectDocker(), await planStack(stack, { root }), new Date());
  process.stdout.write(`${file}${url === undefined ? "" : `, served at ${url}`}\n`);
}

async function watch({ stack, remote, every, base, report }: WatchOptions): Promise<void> {
  const root = projectRoot();
  const [{ newHeads }, { setTimeout: sleep }] = await Promise.all([
    import("../engine/runbot/heads.ts"),
    import("node:timers/promises"),
  ]);
  const trunk = `${remote}/${base}`;
  for (;;) {
    for (const { branch, commit } of await newHeads(root, remote)) {
      const own = branch === base ? {} : { base: trunk };
      const { status, detail } = await buildOne({ root, stack, ref: commit, branch, ...own, report });
      process.stdout.write(`${new Date().toISOString()} ${branch} ${commit.slice(0, 8)} ${status}: ${detail}\n`);
    }
    await sleep(every * 1000);
  }
}

/** @throws Fault where there is no token: found out before anything is built. */
function tokenOf(root: string): string {
  try {
    return readFileSync(`${root}/${TOKEN_FILE}`, "utf8").trim();
  } catch {
    throw new Fault(
      `There is no ${TOKEN_FILE}: write a token into it that may set commit statuses, readable by you alone (\`umask 077\`).`,
      2,
    );
  }
}

/** Another host with GitHub's API, such as an enterprise's own. */
function apiOf(): { api?: string } {
  const api = process.env["GITHUB_API_URL"];
  return api === undefined ? {} : { api };
}

function repository(text: string): string {
  if (/^[\w.-]+\/[\w.-]+$/.test(text)) return text;
  throw new InvalidArgumentError("It must be owner/name.");
}
