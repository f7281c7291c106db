import { LOCK_FILE } from "../../gates/addons/lock-files.ts";
import { type Lock, lockSchema } from "../../gates/addons/lock.ts";
import { ADDONS_FOLDER } from "../addons/store.ts";
import { Fault } from "../fault.ts";
import { git } from "../worktree.ts";

/** Files that decide what every module runs on: Odoo's image, and how it is started. */
const BENEATH_ALL = ["docker/Dockerfile.ce19", "docker/Dockerfile.odoo-debian", "docker/odoo/platform_odoo/"];

export interface ChangeArgs {
  /** Files that differ, relative to the project. */
  readonly paths: readonly string[];
  readonly before: Lock | undefined;
  readonly now: Lock;
  readonly own: readonly string[];
}

/**
 * Modules that a change touches: ours by their files, locked ones by the digest of what is locked. Those that depend on
 * them are found where the manifests are, in the image.
 */
export function changedModules({ paths, before, now, own }: ChangeArgs): string[] {
  const all = paths.some((path) => BENEATH_ALL.some((prefix) => path.startsWith(prefix)));
  const ours = own.filter((name) => all || paths.some((path) => path.startsWith(`${ADDONS_FOLDER}/${name}/`)));
  const locked = Object.entries(now.addons).filter(([name, { digest }]) => before?.addons[name]?.digest !== digest);
  return [...ours, ...locked.map(([name]) => name)].sort();
}

/**
 * Files that differ from a commit, those that no commit has included; and the lock as it was there.
 *
 * @throws Fault where git knows no such commit.
 */
export async function changesSince(root: string, ref: string): Promise<Pick<ChangeArgs, "paths" | "before">> {
  const base = await git(root, ["merge-base", "HEAD", ref]);
  const commit = base.stdout.trim();
  if (base.exitCode !== 0)
    throw new Fault(`git knows no commit ${ref} that this branch comes from: ${base.stderr.trim()}`, 2);
  const changed = await git(root, ["diff", "--name-only", "--no-renames", commit, "--"]);
  const untracked = await git(root, ["ls-files", "--others", "--exclude-standard"]);
  const lock = await git(root, ["show", `${commit}:${LOCK_FILE}`]);
  return {
    paths: [...changed.stdout.split("\n"), ...untracked.stdout.split("\n")].filter((path) => path !== ""),
    before: lock.exitCode === 0 ? lockSchema.safeParse(JSON.parse(lock.stdout)).data : undefined,
  };
}
