import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { Fault } from "../../engine/fault.ts";
import { withLock } from "../../engine/lock.ts";

let root: string;
let file: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lock-"));
  file = join(root, ".platform/dev/lock");
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** A lock with this text, as another process would have left it. */
function leave(text: string): void {
  mkdirSync(join(root, ".platform/dev"), { recursive: true });
  writeFileSync(file, text);
}

test("is held while the work goes on, and let go afterwards", async () => {
  const held = await withLock(root, "dev", () => Promise.resolve(existsSync(file)));
  expect([held, existsSync(file)]).toEqual([true, false]);
});

test("is let go when the work fails", async () => {
  await expect(withLock(root, "dev", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(existsSync(file)).toBe(false);
});

test("that a living process holds names it, and the work isn't begun", async () => {
  let begun = false;
  await withLock(root, "dev", async () => {
    const second = withLock(root, "dev", () => Promise.resolve((begun = true)));
    await expect(second).rejects.toThrow(
      new Fault(
        `Process ${process.pid} is at work on stack dev; wait for it, or end it with \`kill ${process.pid}\`, then repeat the command.`,
      ),
    );
    expect(existsSync(file)).toBe(true);
  });
  expect(begun).toBe(false);
});

test("of another stack is another lock", async () => {
  const both = withLock(root, "dev", () => withLock(root, "staging", () => Promise.resolve("both")));
  await expect(both).resolves.toBe("both");
});

test("of a process that was killed is taken over", async () => {
  const child = spawn("sleep", ["60"]);
  const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8");
  leave(`${child.pid} ${stat.split(") ").at(-1)?.split(" ")[19] ?? ""}`);
  await expect(withLock(root, "dev", () => Promise.resolve("taken"))).rejects.toThrow(
    `Process ${child.pid} is at work`,
  );
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
  await expect(withLock(root, "dev", () => Promise.resolve("taken"))).resolves.toBe("taken");
});

test("of a number that another process has since is taken over", async () => {
  leave(`${process.pid} 1`);
  await expect(withLock(root, "dev", () => Promise.resolve("taken"))).resolves.toBe("taken");
});

test.each(["", "rubbish"])("that says %j, as after a full disk, is taken over", async (text) => {
  leave(text);
  await expect(withLock(root, "dev", () => Promise.resolve("taken"))).resolves.toBe("taken");
});
