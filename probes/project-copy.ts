import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { x } from "tinyexec";

import { publicFiles } from "../engine/pages/public-files.ts";

/**
 * Works on a copy of the project, with its dependencies, in a git repository of its own; the copy is gone afterwards.
 * What it is for: to break something and see that it is found, without touching the project.
 */
export async function onCopy<T>(root: string, work: (copy: string) => Promise<T>): Promise<T> {
  const copy = mkdtempSync(join(tmpdir(), "platform-copy-"));
  try {
    for (const path of await publicFiles(root)) cpSync(join(root, path), join(copy, path));
    // Evidence that is committed decides the statuses on generated pages.
    for (const stack of ["staging", "prod"].filter((name) => existsSync(join(root, "evidence", name))))
      cpSync(join(root, "evidence", stack), join(copy, "evidence", stack), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    await x("git", ["init", "--quiet"], { nodeOptions: { cwd: copy }, throwOnError: true });
    return await work(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
