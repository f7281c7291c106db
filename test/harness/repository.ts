import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface Repository {
  readonly git: (...args: string[]) => string;
  /** Writes a file, and commits all that is not ignored; gives the commit. */
  readonly commit: (path: string, text: string) => string;
}

/** A git repository in this folder, with nothing of this machine's configuration. */
export function makeRepository(root: string): Repository {
  const env = { PATH: process.env["PATH"], HOME: root, GIT_CONFIG_NOSYSTEM: "1" };
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, env, encoding: "utf8" }).trim();
  git("init", "--quiet", "--initial-branch", "main");
  git("config", "user.name", "Ann");
  git("config", "user.email", "ann@example.com");
  return {
    git,
    commit: (path, text) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
      git("add", "--all");
      git("commit", "--quiet", "--message", path);
      return git("rev-parse", "HEAD");
    },
  };
}
