import { spawn } from "node:child_process";
import { hostname } from "node:os";

import { describe, expect, test } from "vitest";

import { Fault } from "../../engine/fault.ts";
import { endHolders, holdersIn, saysLocked } from "../../engine/pulumi-lock.ts";

const lockedBy = (host: string, pid: number) =>
  `error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  file:///state/locks/dev/1.json: created by ana@${host} (pid ${pid}) at 2026-01-02T03:04:05Z`;

test.each([
  [lockedBy("host", 1), true],
  ["error: [409] Conflict: Another update is currently in progress.", true],
  ["error: no such stack", false],
])("%s: is the stack locked? %s", (message, locked) => {
  expect(saysLocked(message)).toBe(locked);
});

test("holders are read from what the CLI says", () => {
  expect(holdersIn(`${lockedBy("one", 12)}\n${lockedBy("two.example", 34)}`)).toEqual([
    { user: "ana", host: "one", pid: 12, since: "2026-01-02T03:04:05Z" },
    { user: "ana", host: "two.example", pid: 34, since: "2026-01-02T03:04:05Z" },
  ]);
});

describe("before a lock is taken away", () => {
  test("somebody without a name is waited for", async () => {
    await expect(endHolders("dev", "[409] Conflict: Another update is currently in progress", true)).rejects.toThrow(
      new Fault(
        "Another update of stack dev is in progress; wait for it; if it is dead, run `pulumi cancel --stack dev`, then repeat the command.",
      ),
    );
  });

  test("so is somebody on another machine, whose process can't be seen from here", async () => {
    await expect(endHolders("dev", lockedBy("elsewhere.example", 1), true)).rejects.toThrow(
      /^Stack dev is being changed by ana@elsewhere\.example \(process 1\) since 2026-01-02T03:04:05Z; wait for it; if it is dead, run/,
    );
  });

  test("a process that ended is nobody", async () => {
    const child = spawn("true");
    await new Promise((resolve) => child.once("exit", resolve));
    await expect(endHolders("dev", lockedBy(hostname(), child.pid ?? 0), false)).resolves.toBeUndefined();
  });

  test("nor is one of another program that was given its number, which is left alone", async () => {
    const child = spawn("sleep", ["60"]);
    await expect(endHolders("dev", lockedBy(hostname(), child.pid ?? 0), true)).resolves.toBeUndefined();
    expect(child.exitCode).toBeNull();
    expect(child.kill()).toBe(true);
  });

  describe("a living Pulumi", () => {
    // A process of Pulumi's name, which ends when it is asked to.
    const pulumi = async () => {
      const child = spawn("bash", [
        "-c",
        'printf pulumi >"/proc/$$/comm"; trap "exit 0" INT; echo up; while :; do sleep 0.05; done',
      ]);
      await new Promise((resolve) => child.stdout.once("data", resolve));
      return child;
    };

    test("of somebody is waited for", async () => {
      const child = await pulumi();
      await expect(endHolders("dev", lockedBy(hostname(), child.pid ?? 0), false)).rejects.toThrow(
        `Stack dev is being changed by ana@${hostname()} (process ${child.pid}) since 2026-01-02T03:04:05Z; wait for it.`,
      );
      expect(child.exitCode).toBeNull();
      child.kill("SIGKILL");
    });

    test("that a killed run of ours left behind is ended", async () => {
      const child = await pulumi();
      const ended = new Promise((resolve) => child.once("exit", resolve));
      await endHolders("dev", lockedBy(hostname(), child.pid ?? 0), true);
      expect(await ended).toBe(0);
    });
  });
});
