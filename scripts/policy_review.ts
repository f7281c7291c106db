import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Command, CommanderError } from "commander";
import { x } from "tinyexec";

import { stacksOf } from "../engine/stack-plan.ts";

/** What `platform plan --against` said of one stack. */
export interface StackReview {
  readonly stack: string;
  readonly exitCode: number;
  /** Markdown. */
  readonly report: string;
  /** What went wrong, where no plan could be made. */
  readonly complaint: string;
}

/** Reviews of every stack as one page. A stack that could not be planned is told of, never left out. */
export function renderReview(against: string, reviews: readonly StackReview[]): string {
  return [
    `# What would change since ${against.slice(0, 12)}`,
    "",
    "| Stack | Result |",
    "|---|---|",
    ...reviews.map(({ stack, exitCode }) => `| ${stack} | ${exitCode === 0 ? "planned" : "refused"} |`),
    ...reviews.flatMap(({ report, complaint, stack, exitCode }) => [
      "",
      report.trim() === "" ? `## Stack ${stack}` : report.trim(),
      ...(exitCode === 0 || complaint.trim() === "" ? [] : ["", fenced(complaint.trim())]),
    ]),
    "",
  ].join("\n");
}

/** A text as a block that nothing in it can end. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

export interface ReviewArgs {
  /** Folder of the project. */
  readonly root: string;
  readonly against: string;
  /** @default all of the project */
  readonly stacks?: readonly string[];
  /** How a verb of the platform is run. */
  readonly platform: (args: readonly string[]) => Promise<{ exitCode: number; stdout: string; stderr: string }>;
}

/** Reviews stacks one after the other; the exit code is 1 as soon as one is refused. */
export async function review({
  root,
  against,
  stacks = stacksOf(root),
  platform,
}: ReviewArgs): Promise<{ exitCode: 0 | 1; page: string }> {
  const reviews: StackReview[] = [];
  for (const stack of stacks) {
    const args = ["plan", "--stack", stack, "--against", against, "--format", "markdown"];
    const { exitCode, stdout, stderr } = await platform(args);
    reviews.push({ stack, exitCode, report: stdout, complaint: stderr });
  }
  return { exitCode: reviews.every(({ exitCode }) => exitCode === 0) ? 0 : 1, page: renderReview(against, reviews) };
}

async function main(): Promise<void> {
  const command = new Command("review")
    .description("What a change would do to each stack, for a reviewer: no credentials, no plugins, no network.")
    .requiredOption("--against <ref>", "the git ref that the change goes to")
    .option("-s, --stack <names...>", "only these stacks", undefined)
    .option("-o, --out <file>", "write it there as well")
    .addHelpText("after", "\nExample:\n  npm run review -- --against origin/main --out review.md")
    .exitOverride();
  const options = command.parse().opts<{ against: string; stack?: string[]; out?: string }>();
  const root = process.cwd();
  const { exitCode, page } = await review({
    root,
    against: options.against,
    ...(options.stack === undefined ? {} : { stacks: options.stack }),
    platform: async (args) => {
      const ran = await x(process.execPath, [join(root, "cli/platform.mjs"), ...args], { nodeOptions: { cwd: root } });
      return { exitCode: ran.exitCode ?? 1, stdout: ran.stdout, stderr: ran.stderr };
    },
  });
  process.stdout.write(page);
  if (options.out !== undefined) writeFileSync(options.out, page);
  // Where a workflow runs, its page shows it: also for a pull request from a fork.
  const summary = process.env["GITHUB_STEP_SUMMARY"];
  if (summary !== undefined) appendFileSync(summary, page);
  process.exitCode = exitCode;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  }
}
