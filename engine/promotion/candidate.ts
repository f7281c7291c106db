import type Docker from "dockerode";

import { decide } from "../../gates/verdict.ts";
import { TASKS } from "../../gates/tasks.ts";
import { gateFacts } from "../../gates/json.ts";
import type { TaskVerdict } from "../../plan/phase.ts";
import { type Plan, resourcesOf, textOf, TYPES } from "../../plan/plan.ts";
import { containerName, orAbsent, serviceOf, servicesOf } from "../docker.ts";
import { Fault } from "../fault.ts";
import type { Build } from "../runbot/build.ts";
import { readBuilds } from "../runbot/store.ts";
import { commitOf, git } from "../worktree.ts";

/** What is to be promoted, and all that decides whether it may. */
export interface Candidate {
  readonly from: string;
  readonly to: string;
  readonly branches: { readonly from: string; readonly to: string };
  /** 40 hexadecimal digits: what is checked out. */
  readonly commit: string;
  /** Tracked files that are not as in the commit. */
  readonly edited: readonly string[];
  /** Is the commit on the branch of the stack that it comes from? */
  readonly onBranch: boolean;
  /** Tip of the branch of the stack that it goes to; undefined for a first promotion. */
  readonly tip: string | undefined;
  /** Does the commit follow that tip? */
  readonly follows: boolean;
  /** Newest build of the commit, if any. */
  readonly build: Build["status"] | undefined;
  /** Services of the stack that it comes from which run another image than the commit's, or none. */
  readonly running: readonly { readonly service: string; readonly runs: string | undefined; readonly wanted: string }[];
  /** Images that the two stacks are made of and that differ between them. */
  readonly differing: readonly { readonly image: string; readonly from: string; readonly to: string }[];
  /** Why the stack that it comes from serves older code, if it does. */
  readonly held: string | undefined;
  /** Verdicts on the stack that it comes from, of today. */
  readonly tasks: readonly Pick<TaskVerdict, "id" | "status" | "detail">[];
}

export interface CandidateArgs {
  readonly root: string;
  readonly docker: Docker;
  /** Plans of what is checked out. */
  readonly from: Plan;
  readonly to: Plan;
  /** Whose branches count. @default - those of this repository */
  readonly remote?: string | undefined;
  readonly now: Date;
}

/** Looks at git, at the builds, at what runs and at the gates. Touches nothing. */
export async function findCandidate({ root, docker, from, to, remote, now }: CandidateArgs): Promise<Candidate> {
  const branches = { from: branchOf(from), to: branchOf(to) };
  const commit = await commitOf(root, "HEAD");
  const status = await git(root, ["status", "--porcelain", "--untracked-files=no"]);
  const [source, tip] = await Promise.all([tipOf(root, branches.from, remote), tipOf(root, branches.to, remote)]);
  return {
    from: from.stack,
    to: to.stack,
    branches,
    commit,
    edited: status.stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.slice(3)),
    onBranch: source !== undefined && (await isAncestor(root, commit, source)),
    tip,
    follows: tip === undefined || (await isAncestor(root, tip, commit)),
    build: readBuilds(root).find((build) => build.commit === commit)?.status,
    running: await otherImages(docker, from),
    differing: differingImages(from, to),
    held: gateFacts(from).settings.odoo.heldBecause,
    tasks: decide(TASKS, gateFacts(from), now).flatMap(({ tasks }) => tasks),
  };
}

/** The branch that a stack serves. @throws Fault (2) where its settings name none. */
export function branchOf(plan: Plan): string {
  const { promotion } = gateFacts(plan).settings;
  if (promotion !== undefined) return promotion.branch;
  throw new Fault(`Stack ${plan.stack} has no branch: set promotion.branch in Pulumi.${plan.stack}.yaml.`, 2);
}

async function tipOf(root: string, branch: string, remote: string | undefined): Promise<string | undefined> {
  const ref = remote === undefined ? `refs/heads/${branch}` : `refs/remotes/${remote}/${branch}`;
  const { exitCode, stdout } = await git(root, ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`]);
  return exitCode === 0 ? stdout.trim() : undefined;
}

async function isAncestor(root: string, older: string, newer: string): Promise<boolean> {
  return (await git(root, ["merge-base", "--is-ancestor", older, newer])).exitCode === 0;
}

async function otherImages(docker: Docker, plan: Plan): Promise<Candidate["running"]> {
  const found = await Promise.all(
    servicesOf(plan).map(async (planned) => {
      const found = await orAbsent(docker.getContainer(containerName(planned)).inspect());
      const runs =
        found?.State.Running === true || planned.inputs["mustRun"] === false ? found?.Config.Image : undefined;
      return { service: serviceOf(planned), runs, wanted: textOf(planned, "image") };
    }),
  );
  return found.filter(({ runs, wanted }) => runs !== wanted);
}

function differingImages(from: Plan, to: Plan): Candidate["differing"] {
  const before = new Map(resourcesOf(from, TYPES.image).map((image) => [image.name, textOf(image, "imageName")]));
  return resourcesOf(to, TYPES.image).flatMap((image) => {
    const [was, is] = [before.get(image.name), textOf(image, "imageName")];
    return was === undefined || was === is ? [] : [{ image: image.name, from: was, to: is }];
  });
}
