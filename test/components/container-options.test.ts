import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { REST_SECONDS, seldomOnceWell } from "../../components/container-options.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "health-"));
  // Tells for how long it would have slept.
  writeFileSync(join(folder, "sleep"), '#!/bin/sh\necho "$1" >>"$FOLDER/slept"\n');
  chmodSync(join(folder, "sleep"), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a check as the Engine does. @returns whether it held, and whether it rested. */
function check(...command: string[]): { holds: boolean; rested: boolean } {
  rmSync(join(folder, "slept"), { force: true });
  const [program = "", ...args] = seldomOnceWell(command, 1, join(folder, "held"));
  const env = { ...process.env, PATH: `${folder}:${process.env["PATH"] ?? ""}`, FOLDER: folder };
  const { status } = spawnSync(program, args, { env });
  return { holds: status === 0, rested: existsSync(join(folder, "slept")) };
}

describe("a health check", () => {
  test("rests after one that held, and not before", () => {
    expect(check("true")).toEqual({ holds: true, rested: false });
    expect(check("true")).toEqual({ holds: true, rested: true });
    expect(REST_SECONDS).toBeGreaterThan(5);
  });

  test("that fails is told at once, and the next ones are quick again", () => {
    check("true");
    expect(check("false")).toEqual({ holds: false, rested: false });
    expect(check("true")).toEqual({ holds: true, rested: false });
  });

  test("is given its time and no more", () => {
    expect(check("/bin/sleep", "30")).toEqual({ holds: false, rested: false });
  });

  test("is run as it is, whatever is in it", () => {
    const said = 'a "b" $c';
    expect(check("test", said, "=", said).holds).toBe(true);
  });
});
