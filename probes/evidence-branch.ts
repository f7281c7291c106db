import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Fault } from "../engine/fault.ts";
import { type Bundle, bundleSchema } from "../gates/bundle.ts";

/** Who commits where git knows nobody: the bundle's own seal says who measured. */
const NOBODY = { name: "platform", email: "platform@localhost" };

/** A bundle as it is committed. */
export interface CommittedBundle {
  readonly commit: string;
  readonly bundle: Bundle;
}

/** Branch of a stack's bundles: it grows by itself, and no file of the working tree or the index is touched. */
export function evidenceBranch(stack: string): string {
  return `evidence/${stack}`;
}

/**
 * Commits a bundle to its stack's branch, over the one of the same phase.
 *
 * @returns the branch's new commit, or the one it has where nothing changed.
 * @throws Fault outside a git repository.
 */
export function commitBundle(root: string, bundle: Bundle): string {
  requireRepository(root);
  const ref = `refs/heads/${evidenceBranch(bundle.stack)}`;
  const parent = tryGit(root, ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`]);
  const folder = mkdtempSync(join(tmpdir(), "bundle-"));
  try {
    const env = { GIT_INDEX_FILE: join(folder, "index"), ...identity(root) };
    const text = `${JSON.stringify(bundleSchema.parse(bundle), null, 2)}\n`;
    const blob = git(root, ["hash-object", "-w", "--stdin"], { input: text });
    if (parent !== undefined) git(root, ["read-tree", parent], { env });
    git(root, ["update-index", "--add", "--cacheinfo", `100644,${blob},${fileOf(bundle.phase)}`], { env });
    const tree = git(root, ["write-tree"], { env });
    if (parent !== undefined && git(root, ["rev-parse", `${parent}^{tree}`]) === tree) return parent;
    const subject = `Prove phase ${bundle.phase} of stack ${bundle.stack}`;
    const ancestry = parent === undefined ? [] : ["-p", parent];
    const commit = git(root, ["commit-tree", tree, ...ancestry, "-m", subject], { env });
    // With the old value: another commit meanwhile is not lost, this one fails.
    git(root, ["update-ref", "-m", subject, ref, commit, parent ?? ""]);
    return commit;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * The bundle of a phase, from the stack's branch here, else from that of `origin`; undefined where there is none.
 *
 * @throws Error for a committed file that is no bundle.
 */
export function readBundle(root: string, stack: string, phase: number): CommittedBundle | undefined {
  requireRepository(root);
  for (const ref of [`refs/heads/${evidenceBranch(stack)}`, `refs/remotes/origin/${evidenceBranch(stack)}`]) {
    const commit = tryGit(root, ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`]);
    const text = commit === undefined ? undefined : tryGit(root, ["show", `${commit}:${fileOf(phase)}`]);
    if (commit === undefined || text === undefined) continue;
    return { commit, bundle: parse(text, `${fileOf(phase)} on branch ${evidenceBranch(stack)}`) };
  }
  return undefined;
}

function parse(text: string, where: string): Bundle {
  try {
    return bundleSchema.parse(JSON.parse(text));
  } catch {
    throw new Error(`${where} is no bundle of evidence`);
  }
}

function fileOf(phase: number): string {
  return `phase-${phase}.json`;
}

function requireRepository(root: string): void {
  if (tryGit(root, ["rev-parse", "--git-dir"]) === undefined)
    throw new Fault(
      "This folder is in no git repository, so there is nowhere to commit evidence to; clone the project with git.",
    );
}

function identity(root: string): { readonly [name: string]: string } {
  if (tryGit(root, ["config", "user.email"]) !== undefined) return {};
  return {
    GIT_AUTHOR_NAME: NOBODY.name,
    GIT_AUTHOR_EMAIL: NOBODY.email,
    GIT_COMMITTER_NAME: NOBODY.name,
    GIT_COMMITTER_EMAIL: NOBODY.email,
  };
}

function tryGit(root: string, args: readonly string[]): string | undefined {
  try {
    return git(root, args);
  } catch {
    return undefined;
  }
}

function git(
  root: string,
  args: readonly string[],
  { input, env = {} }: { input?: string; env?: { readonly [name: string]: string } } = {},
): string {
  return execFileSync("git", args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, ...env },
    input: input ?? "",
    stdio: ["pipe", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  }).trim();
}
