import type { Command } from "commander";

import type { Say } from "../engine/engine.ts";
import { Fault, messageOf } from "../engine/fault.ts";
import { withLock } from "../engine/lock.ts";
import { moveBranch, refresh } from "../engine/promotion/branches.ts";
import { branchOf, type Candidate, findCandidate } from "../engine/promotion/candidate.ts";
import { findObstacles, SERVES } from "../engine/promotion/obstacles.ts";
import { recordPromotion } from "../engine/promotion/record.ts";
import { ensureEngine } from "../engine/docker-engine.ts";
import { settleBases } from "../engine/images.ts";
import { originOf, planStack } from "../engine/stack-plan.ts";
import { letGo } from "../engine/update/served.ts";
import { servedNow, takeBack } from "../engine/update/update.ts";
import { gateFacts } from "../gates/json.ts";
import { TASKS } from "../gates/tasks.ts";
import { decide } from "../gates/verdict.ts";
import { readInputs } from "../stacks/inputs.ts";
import type { Plan } from "../plan/plan.ts";
import { open, projectRoot, type Ready, type StackOptions, withEngine, withStack } from "./context.ts";
import { up } from "./up.ts";

interface PromoteOptions extends StackOptions {
  readonly engine?: string;
  readonly remote?: string;
  readonly dryRun?: boolean;
}

export function register(command: Command): void {
  withEngine(withStack(command))
    .option("--remote <name>", "whose branches count, and are moved; by default those of this repository")
    .option("--dry-run", "only say whether it may be promoted, and why not")
    .addHelpText(
      "after",
      "\nBrings the commit that is checked out to --stack, from the stack that `promotion.from` names in its settings: only as a\nfast-forward of its branch, with a build that isn't red, served and proved there by the same images. A backup and a copy\nare made first; where the update fails, or the stack does not prove afterwards that it serves, database, files and code of\nbefore come back by themselves. Nothing of this can be skipped.\n\nExamples:\n  npm run platform -- promote --stack staging\n  npm run platform -- promote --stack prod --remote origin\n  npm run platform -- promote --stack prod --dry-run",
    )
    .action(async (options: PromoteOptions) => {
      const root = projectRoot();
      // A stack that was never brought up doesn't know its bases yet, and would seem to be of other images.
      const inputs = readInputs(root, originOf(root, options.stack));
      await settleBases(await ensureEngine(say), root, inputs, say);
      const to = await planStack(options.stack, { root });
      const from = await planStack(sourceOf(to), { root });
      if (options.remote !== undefined) await refresh(root, options.remote, [branchOf(from), branchOf(to)]);
      await withLock(root, to.stack, () => promote(root, { from, to }, options));
    });
}

const say: Say = (line) => {
  process.stderr.write(`${line}\n`);
};

/** The stack that code comes from. @throws Fault (2) where it comes from none. */
function sourceOf(to: Plan): string {
  const branch = branchOf(to);
  const from = gateFacts(to).settings.promotion?.from;
  if (from !== undefined && from !== to.stack) return from;
  throw new Fault(
    `Nothing is promoted to stack ${to.stack}: it is the first stage, and serves what is pushed to branch ${branch}. Name a later one with --stack.`,
    2,
  );
}

async function promote(
  root: string,
  plans: { readonly from: Plan; readonly to: Plan },
  { engine, remote, dryRun = false, stack }: PromoteOptions,
): Promise<void> {
  const began = new Date();
  const ready = await open(stack, engine);
  const candidate = await findCandidate({ root, docker: ready.docker, ...plans, remote, now: began });
  const obstacles = findObstacles(candidate);
  const what = `Commit ${candidate.commit.slice(0, 12)} from ${candidate.from} to ${candidate.to}`;
  if (obstacles.length > 0)
    throw new Fault(`${what} is not promoted:\n${obstacles.map((line) => `  - ${line}`).join("\n")}`);
  if (dryRun) {
    say(`${what} may be promoted.`);
    return;
  }
  await deployed(ready, { candidate, began, engine });
  await moveBranch(root, { branch: candidate.branches.to, commit: candidate.commit, tip: candidate.tip, remote });
  await recordPromotion(ready, { candidate, status: "ok", started: began, detail: `branch ${candidate.branches.to}` });
  say(
    `${what} is promoted; branch ${candidate.branches.to} is there now. \`rollback\` takes it back, with the copy from before; \`rollback --forget\` removes that.`,
  );
}

/** Updates the stack, and sees that it serves. @throws Fault where it doesn't; what was served before is served then. */
async function deployed(
  ready: Ready,
  { candidate, began, engine }: { candidate: Candidate; began: Date; engine: string | undefined },
): Promise<void> {
  const { root, plan } = ready;
  const stack = plan.stack;
  const before = await servedNow(ready);
  const failed = (detail: string) =>
    recordPromotion(ready, { candidate, status: "rolled back", started: began, detail }).catch(() => undefined);
  // What failed before is worth another try: somebody asks for it.
  letGo(root, stack);
  try {
    await up({ stack, verify: true, keep: true, ...(engine === undefined ? {} : { engine }) });
  } catch (error) {
    await failed(messageOf(error));
    throw error;
  }
  const after = await planStack(stack, { root });
  const bad = decide(TASKS, gateFacts(after), new Date())
    .flatMap(({ tasks }) => tasks)
    .filter(({ id, status }) => status !== "GO" && SERVES.some((task) => task === id));
  if (bad.length === 0) return;
  const reason = bad.map(({ id, detail }) => `${id}: ${detail}`).join("; ");
  if (before === undefined) throw new Fault(`Stack ${stack} is new, and does not serve: ${reason}`);
  await takeBack({ ...ready, plan: after, say }, { served: before, began }, reason);
  await failed(reason);
  throw new Fault(
    `Stack ${stack} did not prove that it serves commit ${candidate.commit.slice(0, 12)}, and serves what it served before: ${reason}`,
  );
}
