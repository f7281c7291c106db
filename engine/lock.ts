import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Fault } from "./fault.ts";

/**
 * Runs work that changes a stack, alone. A lock that a killed process left behind is taken over.
 *
 * @throws Fault naming the process that is at work on the stack.
 */
export async function withLock<T>(root: string, stack: string, work: () => Promise<T>): Promise<T> {
  const folder = join(root, ".platform", stack);
  const file = join(folder, "lock");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  take(file, stack);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** A lock comes into being whole, by a link: a file that is still being written would look like a dead one's. */
function take(file: string, stack: string): void {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, identity(process.pid));
  try {
    for (;;) {
      if (linked(own, file)) return;
      const holder = contentOf(file);
      if (holder === undefined) continue;
      const pid = Number.parseInt(holder, 10);
      if (identity(pid) === holder) {
        throw new Fault(
          `Process ${pid} is at work on stack ${stack}; wait for it, or end it with \`kill ${pid}\`, then repeat the command.`,
        );
      }
      clearDead(file, `${own}.dead`, holder);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

function linked(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Takes a dead lock away, unless somebody has taken it over in between: then theirs is put back. */
function clearDead(file: string, aside: string, dead: string): void {
  try {
    renameSync(file, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  if (contentOf(aside) !== dead) linked(aside, file);
  rmSync(aside, { force: true });
}

/** Undefined where the file went away. */
function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** Process number and start time: a number alone may have been given to another process since. */
export function identity(pid: number): string {
  const stat = `/proc/${pid}/stat`;
  if (!existsSync(stat)) return `${pid} ended`;
  const afterName = readFileSync(stat, "utf8").split(") ").at(-1) ?? "";
  return `${pid} ${afterName.split(" ")[19] ?? ""}`;
}
