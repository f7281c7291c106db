import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { identity } from "../../../engine/lock.ts";
import { buildId, coverageOf, verdictOf } from "../../../engine/runbot/build.ts";
import { buildFolder, forgetOldBuilds, readBuilds, writeBuild } from "../../../engine/runbot/store.ts";
import { buildOf } from "./builds.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "builds-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const later = (minute: number) => `20260301T12${String(minute).padStart(2, "0")}00-1f2e3d4c`;

describe("builds", () => {
  test("are none before the first one", () => {
    expect(readBuilds(root)).toEqual([]);
  });

  test("are read newest first, as they were written", () => {
    for (const minute of [2, 10, 1]) writeBuild(root, buildOf({ id: later(minute) }));
    expect(readBuilds(root)).toEqual([10, 2, 1].map((minute) => buildOf({ id: later(minute) })));
  });

  test("whose process is gone were ended half-way; those at work are let be", () => {
    writeBuild(root, buildOf({ id: later(1), status: "running", endedAt: null, process: "4194304 12" }));
    writeBuild(root, buildOf({ id: later(2), status: "running", endedAt: null, process: identity(process.pid) }));
    expect(readBuilds(root).map(({ status, detail }) => [status, detail])).toEqual([
      ["running", "1 modules, 3 tests"],
      ["red", "the build was ended half-way"],
    ]);
  });

  test("that can't be read are left out, and take no other with them", () => {
    writeBuild(root, buildOf());
    for (const [id, text] of Object.entries({ half: '{"id": "x"}', none: undefined })) {
      mkdirSync(buildFolder(root, id), { recursive: true });
      if (text !== undefined) writeFileSync(join(buildFolder(root, id), "build.json"), text);
    }
    expect(readBuilds(root)).toEqual([buildOf()]);
  });

  test("that are too many go, the oldest first, but none that runs", () => {
    const running = { status: "running", endedAt: null, process: identity(process.pid) } as const;
    writeBuild(root, buildOf({ id: later(1), ...running }));
    for (const minute of [2, 3, 4]) writeBuild(root, buildOf({ id: later(minute) }));
    forgetOldBuilds(root, 2);
    expect(readBuilds(root).map(({ id }) => id)).toEqual([later(4), later(3), later(1)]);
    expect(existsSync(buildFolder(root, later(2)))).toBe(false);
  });
});

describe("a build", () => {
  test("is named by its beginning and its commit", () => {
    expect(buildId("abcdef0123".repeat(4), new Date("2026-03-01T12:34:56.789Z"))).toBe("20260301T123456-abcdef01");
  });

  test.each([
    [[], "green"],
    [["green", "green"], "green"],
    [["green", "yellow"], "yellow"],
    [["yellow", "red", "green"], "red"],
  ] as const)("of modules that are %j is %s", (statuses, verdict) => {
    expect(verdictOf(statuses.map((status) => ({ status })))).toBe(verdict);
  });

  test("has the coverage of those modules that have tests", () => {
    expect(coverageOf([{ coverage: 90 }, { coverage: null }, { coverage: 80.5 }])).toBe(85.3);
    expect(coverageOf([{ coverage: null }])).toBeNull();
  });
});
