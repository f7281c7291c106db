import type Docker from "dockerode";

import type { Plan } from "../../plan/plan.ts";
import { readServed, type ServedCode } from "../../stacks/held.ts";
import { backupNow, takesBackups } from "../backup.ts";
import { containerName, execIn, orAbsent, plannedContainer } from "../docker.ts";
import type { Changes, Engine, Say } from "../engine.ts";
import { Fault, messageOf } from "../fault.ts";
import { planStack } from "../stack-plan.ts";
import { forgetJob, runJob, stopService } from "../start-stop.ts";
import { type Copy, findCopy, forgetCopy, keepCopy, makeCopy, putBack, reopen } from "./copy.ts";
import { causeIn } from "./cause.ts";
import { findNeed, type Need, runs } from "./need.ts";
import { recordUpdate } from "./record.ts";
import { codeOf, hold, letGo, rememberServed, sameCode } from "./served.ts";
import { closeSite, openSite } from "./site.ts";

export interface DeployArgs {
  readonly root: string;
  readonly docker: Docker;
  readonly plan: Plan;
  readonly engine: Engine;
  /** Keeps the copy from before an update, so that a person can take it back. */
  readonly keep: boolean;
  readonly say: Say;
}

const SMOKE_SECONDS = 300;

/**
 * Makes what runs equal to the plan. Where that changes modules in Odoo's database it is an update: after a backup, with
 * nobody let in, beside a copy that comes back together with the code of before where anything fails.
 *
 * @throws Fault where an update failed: then what was served before is served again, and held.
 */
export async function deploy(args: DeployArgs): Promise<Changes> {
  const { root, docker, plan, engine, say } = args;
  if (!(await canUpdate(docker, plan))) await startAsServed(args);
  if (await canUpdate(docker, plan)) {
    const served = (await putBackInterrupted(args)) ?? (await servedNow(args));
    // Where nothing was ever served, nobody has anything to lose: a first deployment was killed half-way.
    const need = served === undefined ? undefined : await findNeed(docker, plan);
    if (served !== undefined && need !== undefined) return update(args, { need, served });
  }
  const changes = await engine.up(plan, say);
  // What an interrupted update left closed.
  await openSite(docker, plan);
  rememberServed(root, plan);
  return changes;
}

/**
 * Puts back the copy that an update left, database and files, and serves the code of then. What was written since is gone.
 *
 * @throws Fault where none is kept.
 */
export async function rollBack(args: Omit<DeployArgs, "keep">, because: string): Promise<Copy> {
  const copy = await findCopy(args);
  if (copy === undefined)
    throw new Fault(
      `Stack ${args.plan.stack} keeps no copy from before an update: \`update --keep\` makes one that stays. A moment before it is brought back by \`npm run platform -- restore --at TIME\`.`,
    );
  await goBack(args, copy.served, { because, data: true });
  return copy;
}

/** The code that a stack serves, or served last, whatever its sources say; undefined where it never did. */
export async function servedNow({
  root,
  docker,
  plan,
}: Pick<DeployArgs, "root" | "docker" | "plan">): Promise<ServedCode | undefined> {
  const container = docker.getContainer(containerName(plannedContainer(plan, "odoo")));
  const found = await orAbsent(container.inspect());
  // A deployment that was killed leaves containers that never started.
  if (found === undefined || found.State.StartedAt.startsWith("0001-")) return readServed(root, plan.stack);
  const { Config } = found;
  const modules = Config.Env.find((line) => line.startsWith("ODOO_MODULES="))?.slice("ODOO_MODULES=".length) ?? "base";
  return { image: Config.Image, modules: modules.split(",") };
}

/**
 * Takes a deployment back that is done and turned out to be bad: the code of before, and database and files where it
 * updated them, which left a copy.
 */
export async function takeBack(
  args: Omit<DeployArgs, "keep">,
  before: { readonly served: ServedCode; readonly began: Date },
  because: string,
): Promise<void> {
  const copy = await findCopy(args);
  const data = copy !== undefined && Date.parse(copy.at) >= before.began.getTime();
  await goBack(args, before.served, { because, data });
}

/** A database that runs tells what an update needs, and what takes backups comes first. */
async function canUpdate(docker: Docker, plan: Plan): Promise<boolean> {
  return (await runs(docker, plan, "postgres")) && (!takesBackups(plan) || (await runs(docker, plan, "backup")));
}

async function update(
  args: DeployArgs,
  { need, served }: { readonly need: Need; readonly served: ServedCode },
): Promise<Changes> {
  const { root, docker, plan, engine, keep, say } = args;
  const started = new Date();
  const copy: Copy = { state: "updating", at: started.toISOString(), served };
  const what = [...need.changed, ...need.added.map((name) => `${name} (new)`)].join(", ");
  say(`Odoo is updated: ${what}`);
  await backUpFirst(args);
  const closed = performance.now();
  const record = (status: "ok" | "rolled back", detail: string) =>
    recordUpdate({ docker, plan }, { copy, to: codeOf(plan), need, status, started, closed, detail });
  await closeSite(docker, plan);
  await stopService(docker, plan, "odoo");
  try {
    await makeCopy(args, copy);
  } catch (error) {
    // Nothing was changed yet.
    await startAgain(args);
    throw error;
  }
  let changes: Changes;
  try {
    // Whatever it did before, it did to another database, or before modules came by another way.
    await forgetJob(docker, plan, "odoo-init");
    changes = await engine.up(plan, say);
    await smoke(args, plan);
  } catch (error) {
    // The job's container goes with what failed.
    const reason = [messageOf(error).trim(), await lastWords(docker, plan)].join(" ").trim();
    say(`the update failed; what was served before comes back: ${reason}`);
    await goBack(args, copy.served, { because: reason, data: true });
    await record("rolled back", reason);
    throw new Fault(
      `The update of stack ${plan.stack} failed, and what was served before is served again: database, files and code. ${reason}\n` +
        `Odoo is held at ${copy.served.image} until its sources change; \`npm run platform -- update --stack ${plan.stack}\` tries these again.`,
    );
  }
  // First of all: a copy that tells of an update under way would be put back over what users write from now on.
  await keepCopy(args, copy);
  await openSite(docker, plan);
  rememberServed(root, plan);
  await record("ok", what);
  if (!keep) await forgetCopy(args);
  return changes;
}

/** What the job that updates modules said at its end, where it failed. What can't be told holds nothing up. */
async function lastWords(docker: Docker, plan: Plan): Promise<string> {
  const job = docker.getContainer(containerName(plannedContainer(plan, "odoo-init")));
  try {
    const { State } = await job.inspect();
    if (State.ExitCode === 0) return "";
    return causeIn((await job.logs({ stdout: true, stderr: true, tail: 200 })).toString("utf8"));
  } catch (error) {
    return messageOf(error);
  }
}

/** A stack that was taken down, or lacks what an update needs, comes back as it was first. */
async function startAsServed({ root, docker, plan, engine, say }: DeployArgs): Promise<void> {
  const served = readServed(root, plan.stack);
  if (served === undefined || sameCode(served, codeOf(plan))) return;
  const image = await idOf(docker, served.image);
  if (image === undefined) {
    say(`${served.image}, which served last, is gone: modules are updated without a copy of what was before`);
    return;
  }
  say(`starting ${served.image}, which served last, before it is updated`);
  // Held instead of itself: whatever is killed here, the next deployment finds that the sources are others, and lets go.
  hold(root, plan.stack, {
    ...{ ...served, image, since: new Date().toISOString(), because: "an update begins with it" },
    instead: served,
  });
  try {
    await engine.up(await planStack(plan.stack, { root }), say);
  } finally {
    letGo(root, plan.stack);
  }
}

/** The id of an image; undefined where it is not on this machine. */
async function idOf(docker: Docker, image: string): Promise<string | undefined> {
  return (await orAbsent(docker.getImage(image).inspect()))?.Id;
}

/** @returns the code that was served before the update that was interrupted; undefined where none was. */
async function putBackInterrupted(args: DeployArgs): Promise<ServedCode | undefined> {
  await reopen(args);
  const copy = await findCopy(args);
  if (copy?.state !== "updating") return undefined;
  args.say(`the update that began at ${copy.at} was interrupted; what it began with comes back first`);
  // Who was killed may have left it at work.
  await forgetJob(args.docker, args.plan, "odoo-init");
  await stopService(args.docker, args.plan, "odoo");
  await putBack(args);
  return copy.served;
}

async function backUpFirst({ docker, plan, say }: DeployArgs): Promise<void> {
  if (!takesBackups(plan)) {
    say("the stack takes no backups: there is only the copy beside the database");
    return;
  }
  const { id, regions } = await backupNow(docker, plan, "incr", true);
  say(`${id} lies in ${regions.join(", ")}`);
}

/** Odoo answers, and serves its pages and bundles: asked from inside, before anybody is let in. @throws Fault */
export async function smoke({ docker }: Pick<DeployArgs, "docker">, plan: Plan): Promise<void> {
  const container = containerName(plannedContainer(plan, "odoo"));
  const ran = await execIn(docker, container, ["platform-odoo", "smoke"], { timeoutSeconds: SMOKE_SECONDS });
  if (ran.exitCode !== 0) throw new Fault(ran.stderr.trim() || `platform-odoo smoke ended with ${ran.exitCode}`);
}

/** Serves the code of before and holds it there; with the database and the files of before where they were copied. */
async function goBack(
  args: Omit<DeployArgs, "keep">,
  served: ServedCode,
  { because, data }: { readonly because: string; readonly data: boolean },
): Promise<void> {
  const { root, docker, plan, engine, say } = args;
  const image = await idOf(docker, served.image);
  if (image === undefined) throw new Fault(`Image ${served.image}, which served before, is gone from this machine.`);
  hold(root, plan.stack, { ...served, image, since: new Date().toISOString(), because, instead: codeOf(plan) });
  await closeSite(docker, plan);
  await stopService(docker, plan, "odoo");
  if (data) await putBack(args);
  const before = await planStack(plan.stack, { root });
  // A renamed copy has none of the rights on a database: the job gives them.
  await runJob(docker, before, "postgres-init");
  await engine.up(before, say);
  await smoke(args, before);
  await openSite(docker, before);
  rememberServed(root, before);
}

async function startAgain({ docker, plan }: DeployArgs): Promise<void> {
  await docker.getContainer(containerName(plannedContainer(plan, "odoo"))).start();
  await openSite(docker, plan);
}
