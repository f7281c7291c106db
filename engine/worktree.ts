import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { x } from "tinyexec";

import { Fault } from "./fault.ts";

/**
 * Lays the sources of a git ref out in a folder of their own, with the packages that are installed here; the folder is
 * gone afterwards. Nothing that git does not hold is in it.
 *
 * @throws Fault where there is no such ref (2), or its sources can't be laid out.
 */
export async function atRef<T>(
  root: string,
  ref: string,
  work: (tree: string, commit: string) => Promise<T>,
): Promise<T> {
  const commit = await commitOf(root, ref);
  const folder = mkdtempSync(join(tmpdir(), "platform-at-"));
  const tree = join(folder, "tree");
  try {
    const { exitCode, stderr } = await git(root, ["worktree", "add", "--quiet", "--detach", tree, commit]);
    if (exitCode !== 0) throw new Fault(`The sources of ${ref} can't be laid out: ${stderr.trim()}`);
    if (existsSync(join(root, "node_modules"))) symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
    return await work(tree, commit);
  } finally {
    await git(root, ["worktree", "remove", "--force", tree]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The commit that a ref is now.
 *
 * @throws Fault (2) where there is none.
 */
export async function commitOf(root: string, ref: string): Promise<string> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`];
  const { exitCode, stdout } = await git(root, args);
  if (exitCode === 0) return stdout.trim();
  throw new Fault(
    `There is no commit ${ref} in this repository; name a branch, a tag or a commit that \`git rev-parse\` knows (in a shallow clone, fetch it first).`,
    2,
  );
}

/** Hooks of the repository have no business here. */
export async function git(
  root: string,
  args: readonly string[],
): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> {
  return x("git", ["-c", "core.hooksPath=/dev/null", ...args], { nodeOptions: { cwd: root } });
}
