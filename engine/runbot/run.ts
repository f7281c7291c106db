import { writeFileSync } from "node:fs";
import { join } from "node:path";

import type Docker from "dockerode";

import { ownAddons, soundLock } from "../addons/store.ts";
import type { Say } from "../engine.ts";
import { messageOf } from "../fault.ts";
import { lendMachine } from "../image-source.ts";
import { identity } from "../lock.ts";
import { changedModules, changesSince } from "../module-tests/changed.ts";
import { junitText } from "../module-tests/junit.ts";
import type { ModuleResult } from "../module-tests/report.ts";
import { testModules } from "../module-tests/run.ts";
import { atRef, git } from "../worktree.ts";
import { type Build, buildId, verdictOf } from "./build.ts";
import { buildFolder, forgetOldBuilds, writeBuild } from "./store.ts";

export interface BuildArgs {
  readonly root: string;
  readonly docker: Docker;
  /** The stack whose Odoo image is built. */
  readonly stack: string;
  /** What is built. */
  readonly ref: string;
  /** Name that the build is listed under. @default the ref */
  readonly branch?: string;
  /** What differs from this commit is tested, and what depends on it. @default - all first-party modules */
  readonly base?: string;
  readonly jobs?: number;
  readonly say: Say;
  /** Called once the build is on record, before anything is built. */
  readonly onBegin?: (build: Build) => Promise<void>;
  readonly now?: () => Date;
}

/**
 * Builds one commit, from nothing but what git has of it: the image of Odoo, then its modules on clean databases. What was
 * seen is kept: the record from its beginning on, results as JUnit, and the end of Odoo's log of what is not green.
 *
 * @throws Fault (2) where there is no such commit. What fails in it is a red build.
 */
export async function buildCommit(args: BuildArgs): Promise<Build> {
  const { root, ref, branch = ref, onBegin, now = () => new Date() } = args;
  return atRef(root, ref, async (tree, commit) => {
    const [subject = "", author = ""] = (await git(root, ["log", "-1", "--format=%s%n%an", commit])).stdout.split("\n");
    const startedAt = now();
    const begun: Build = {
      ...{ id: buildId(commit, startedAt), branch, commit, subject, author },
      ...{ status: "running", startedAt: startedAt.toISOString(), endedAt: null },
      ...{ detail: "it runs", modules: [], process: identity(process.pid) },
    };
    forgetOldBuilds(root);
    writeBuild(root, begun);
    await onBegin?.(begun);
    const found = await tested(args, tree).catch((error: unknown) => ({ fault: messageOf(error) }));
    const build: Build = { ...begun, endedAt: now().toISOString(), ...outcomeOf(found) };
    if ("results" in found) keep(root, build.id, found.results);
    writeBuild(root, build);
    return build;
  });
}

type Found = { readonly results: readonly ModuleResult[] } | { readonly fault: string };

/** What a build comes to. */
export function outcomeOf(found: Found): Pick<Build, "status" | "detail" | "modules"> {
  if ("fault" in found) return { status: "red", detail: found.fault, modules: [] };
  const modules = found.results.map(({ module, status, detail, tests, coverage, seconds }) => ({
    ...{ module, status, detail, coverage, seconds },
    tests: tests.length,
  }));
  const bad = modules.filter(({ status }) => status !== "green");
  const detail =
    modules.length === 0
      ? "no module is touched"
      : bad.length === 0
        ? `${modules.length} modules, ${modules.reduce((sum, { tests }) => sum + tests, 0)} tests`
        : bad.map(({ module, status, detail }) => `${module} is ${status}: ${detail}`).join("; ");
  return { status: verdictOf(modules), detail, modules };
}

async function tested({ root, docker, stack, base, jobs, say }: BuildArgs, tree: string): Promise<Found> {
  lendMachine(root, tree, stack);
  const own = ownAddons(tree);
  const lock = soundLock(tree);
  const modules = base === undefined ? own : changedModules({ ...(await changesSince(tree, base)), now: lock, own });
  if (modules.length === 0) return { results: [] };
  const results = await testModules({
    ...{ root: tree, docker, stack, modules, say },
    dependants: base !== undefined,
    ...(jobs === undefined ? {} : { jobs }),
  });
  return { results };
}

function keep(root: string, id: string, results: readonly ModuleResult[]): void {
  const folder = buildFolder(root, id);
  writeFileSync(join(folder, "junit.xml"), junitText(results));
  for (const { module, log } of results) if (log !== "") writeFileSync(join(folder, `${module}.log`), `${log}\n`);
}
