import { Fault } from "../fault.ts";
import { git } from "../worktree.ts";
import { readBuilds } from "./store.ts";

export interface Head {
  readonly branch: string;
  readonly commit: string;
}

/**
 * Heads of a remote's branches that no build is of, after asking the remote.
 *
 * @throws Fault where the remote can't be asked.
 */
export async function newHeads(root: string, remote: string): Promise<Head[]> {
  const fetched = await git(root, ["fetch", "--quiet", "--prune", remote]);
  if (fetched.exitCode !== 0) throw new Fault(`Remote ${remote} can't be asked: ${fetched.stderr.trim()}`);
  const prefix = `refs/remotes/${remote}/`;
  const { stdout } = await git(root, ["for-each-ref", "--format=%(objectname) %(refname)", prefix]);
  const built = new Set(readBuilds(root).map(({ branch, commit }) => `${commit} ${branch}`));
  return stdout
    .split("\n")
    .filter((line) => line !== "" && !line.endsWith(`${prefix}HEAD`))
    .map((line) => ({ commit: line.slice(0, 40), branch: line.slice(41 + prefix.length) }))
    .filter(({ branch, commit }) => !built.has(`${commit} ${branch}`));
}
