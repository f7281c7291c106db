import { execFileSync } from "node:child_process";

/**
 * The commit that last changed anything but evidence: a decision is bound to it, and committing the decision must not
 * undo it. Empty outside a repository, and before its first commit.
 */
export function sourceCommit(root: string): string {
  try {
    const args = ["log", "-1", "--format=%H", "--", ".", ":(exclude)evidence"];
    return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "";
  }
}
