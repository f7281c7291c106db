import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

function take(file: string, stack: string): void {
  try {
    writeFileSync(file, identity(process.pid), { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const holder = readFileSync(file, "utf8");
    const pid = Number.parseInt(holder, 10);
    if (identity(pid) === holder) {
      throw new Fault(
        `Process ${pid} is at work on stack ${stack}; wait for it, or end it with \`kill ${pid}\`, then repeat the command.`,
      );
    }
    rmSync(file, { force: true });
    take(file, stack);
  }
}

/** Process number and start time: a number alone may have been given to another process since. */
function identity(pid: number): string {
  const stat = `/proc/${pid}/stat`;
  if (!existsSync(stat)) return `${pid} ended`;
  const afterName = readFileSync(stat, "utf8").split(") ").at(-1) ?? "";
  return `${pid} ${afterName.split(" ")[19] ?? ""}`;
}
