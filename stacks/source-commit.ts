import { execFileSync } from "node:child_process";

/**
 * What is made of evidence, and changes with it: evidence itself, and the master plan with the statuses that follow.
 */
const OF_EVIDENCE = [":(exclude)evidence", ":(exclude)spec/odoo-ce-devops-master-plan/tasks.md"];

/**
 * The commit that last changed anything but evidence: a decision is bound to it, and committing the decision must not
 * undo it. Empty outside a repository, and before its first commit.
 */
export function sourceCommit(root: string): string {
  try {
    const args = ["log", "-1", "--format=%H", "--", ".", ...OF_EVIDENCE];
    return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "";
  }
}

/** Files other than evidence, and what is made of it, that are changed or new since the last commit; none outside a repository. */
export function uncommitted(root: string): string[] {
  try {
    const args = ["status", "--porcelain", "--untracked-files=all", "--", ".", ...OF_EVIDENCE];
    const status = execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return status.split("\n").flatMap((line) => (line === "" ? [] : [line.slice(3)]));
  } catch {
    return [];
  }
}
