import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { ROOT } from "./plans.ts";

/** A copy of every public file of the project in a git repository of its own, with its history, to be broken. */
export interface Clone {
  readonly root: string;
  readonly read: (path: string) => string;
  readonly write: (path: string, text: string) => void;
  /** @throws Error where the file has no such text: a break that breaks nothing proves nothing. */
  readonly replace: (path: string, old: string, replacement: string) => void;
  readonly remove: (path: string) => void;
  readonly discard: () => void;
}

export function makeClone(): Clone {
  const root = mkdtempSync(join(tmpdir(), "clone-"));
  git(root, "clone", "--quiet", "--no-checkout", ROOT, ".");
  git(root, "reset", "--quiet");
  for (const path of git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0")) {
    if (path !== "" && existsSync(join(ROOT, path))) cpSync(join(ROOT, path), join(root, path), { recursive: true });
  }
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  return {
    root,
    read,
    write,
    replace: (path, old, replacement) => {
      const text = read(path);
      if (!text.includes(old)) throw new Error(`${path} has no ${old}`);
      write(
        path,
        text.replace(old, () => replacement),
      );
    },
    remove: (path) => rmSync(join(root, path), { recursive: true }),
    discard: () => rmSync(root, { recursive: true }),
  };
}

function git(cwd: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync("git", args, { cwd, encoding: "utf8", maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout;
}
