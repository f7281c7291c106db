import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { x } from "tinyexec";

import { publicFiles } from "../engine/pages/public-files.ts";

/**
 * Works on a copy of the project as it is now, with its dependencies and its history, in a git repository of its own;
 * the copy is gone afterwards.
 * What it is for: to break something and see that it is found, without touching the project.
 */
export async function onCopy<T>(root: string, work: (copy: string) => Promise<T>): Promise<T> {
  const copy = mkdtempSync(join(tmpdir(), "platform-copy-"));
  const git = (cwd: string, ...args: string[]) => x("git", args, { nodeOptions: { cwd }, throwOnError: true });
  try {
    // Statuses on generated pages depend on commits. A repository without one has nothing to clone.
    const hasHistory = await git(root, "rev-parse", "--quiet", "--verify", "HEAD").then(
      () => true,
      () => false,
    );
    if (!hasHistory) await git(copy, "init", "--quiet");
    else await git(copy, "clone", "--quiet", "--no-checkout", root, ".");
    // What is listed is then what is committed, and what is here is what the project has now.
    if (hasHistory) await git(copy, "reset", "--quiet");
    for (const path of await publicFiles(root)) cpSync(join(root, path), join(copy, path));
    // Evidence that is committed decides the statuses on generated pages.
    for (const stack of ["staging", "prod"].filter((name) => existsSync(join(root, "evidence", name))))
      cpSync(join(root, "evidence", stack), join(copy, "evidence", stack), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    return await work(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
