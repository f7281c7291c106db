import { existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

import { Fault } from "./fault.ts";

/** Who holds a lock on a stack, as the CLI's error tells it. */
export interface Holder {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  readonly since: string;
}

/** Holders of the locks that an error of the CLI speaks of; empty when it speaks of none by name. */
export function holdersIn(message: string): Holder[] {
  return [...message.matchAll(/created by (\S+?)@(\S+) \(pid (\d+)\) at (\S+)/g)].map(
    ([, user = "", host = "", pid = "", since = ""]) => ({ user, host, pid: Number(pid), since }),
  );
}

/** Does this error say that somebody else is changing the stack? */
export function saysLocked(message: string): boolean {
  return /stack is currently locked|\[409\] Conflict: Another update is currently in progress/i.test(message);
}

/**
 * Sees to it that nobody is at work on a stack any more, so that its locks may be taken away.
 *
 * @param ours whether an earlier `platform up` of this machine was killed: what it started is ended, as it would have
 *   been with it.
 * @throws Fault naming who is at work.
 */
export async function endHolders(stack: string, message: string, ours: boolean): Promise<void> {
  const holders = holdersIn(message);
  const advice = `wait for it; if it is dead, run \`pulumi cancel --stack ${stack}\`, then repeat the command.`;
  if (holders.length === 0) throw new Fault(`Another update of stack ${stack} is in progress; ${advice}`);
  for (const { user, host, pid, since } of holders) {
    const who = `${user}@${host} (process ${pid})`;
    if (host !== hostname()) throw new Fault(`Stack ${stack} is being changed by ${who} since ${since}; ${advice}`);
    if (!isPulumi(pid)) continue;
    if (!ours) throw new Fault(`Stack ${stack} is being changed by ${who} since ${since}; wait for it.`);
    process.kill(pid, "SIGINT");
    for (let tries = 0; isPulumi(pid); tries++) {
      if (tries === 120) process.kill(pid, "SIGKILL");
      await sleep(500);
    }
  }
}

/** Is there such a process, and is it Pulumi's? Its number may have been given to another one since. */
function isPulumi(pid: number): boolean {
  const file = `/proc/${pid}/comm`;
  if (existsSync(file)) return readFileSync(file, "utf8").trim().startsWith("pulumi");
  if (existsSync("/proc/self/comm")) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
