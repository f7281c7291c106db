import { Fault } from "../fault.ts";
import { git } from "../worktree.ts";

/** What git calls no commit at all. */
const NONE = "0".repeat(40);

/** Asks a remote where its branches are. @throws Fault where it can't be asked; a branch that it lacks is none. */
export async function refresh(root: string, remote: string, branches: readonly string[]): Promise<void> {
  const listed = await git(root, ["ls-remote", "--heads", remote, ...branches]);
  if (listed.exitCode !== 0)
    throw new Fault(`The branches of ${remote} can't be read: ${listed.stderr.trim()}. \`git remote\` lists remotes.`);
  const there = branches.filter((branch) => listed.stdout.includes(`refs/heads/${branch}\n`));
  if (there.length === 0) return;
  const specs = there.map((branch) => `+refs/heads/${branch}:refs/remotes/${remote}/${branch}`);
  const { exitCode, stderr } = await git(root, ["fetch", "--quiet", remote, ...specs]);
  if (exitCode !== 0) throw new Fault(`The branches of ${remote} can't be fetched: ${stderr.trim()}`);
}

export interface MoveArgs {
  readonly branch: string;
  readonly commit: string;
  /** Where the branch was when it was decided; undefined where there was none. */
  readonly tip: string | undefined;
  /** @default - the branch of this repository */
  readonly remote?: string | undefined;
}

/**
 * Moves a branch forward, never over what somebody else moved it to meanwhile.
 *
 * @throws Fault where it was moved, or the remote refuses.
 */
export async function moveBranch(root: string, { branch, commit, tip = NONE, remote }: MoveArgs): Promise<void> {
  const ref = `refs/heads/${branch}`;
  const args =
    remote === undefined
      ? ["update-ref", "-m", "promoted", ref, commit, tip]
      : ["push", "--quiet", remote, `${commit}:${ref}`];
  const { exitCode, stderr } = await git(root, args);
  if (exitCode !== 0)
    throw new Fault(
      `The stack serves ${commit.slice(0, 12)}, but branch ${branch} was not moved there: ${stderr.trim()}. Move it by hand: \`git push ${remote ?? "."} ${commit}:${ref}\`.`,
    );
}
