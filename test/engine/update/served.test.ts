import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { codeOf, hold, letGo, letGoOfOther, rememberServed } from "../../../engine/update/served.ts";
import { heldFile, readHeld, readServed, servedFile } from "../../../stacks/held.ts";
import { planOf } from "../../harness/plans.ts";

const since = "2026-01-02T03:04:05.000Z";
const before = { image: `sha256:${"0".repeat(64)}`, modules: ["base", "web"] };
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "served-"));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

describe("the code that a stack serves", () => {
  it("is remembered, with its modules", async () => {
    expect(readServed(root, "dev")).toBeUndefined();
    const plan = await planOf("dev");
    rememberServed(root, plan);
    expect(readServed(root, "dev")).toEqual(codeOf(plan));
    expect(codeOf(plan)).toMatchObject({
      image: expect.stringMatching(/^odoo-platform\/odoo:[0-9a-f]{12}$/) as string,
    });
  });

  it("is not guessed from a file that somebody spoiled", async () => {
    rememberServed(root, await planOf("dev"));
    writeFileSync(join(root, servedFile("dev")), `{"image": ""}`);
    expect(() => readServed(root, "dev")).toThrow(`${servedFile("dev")} is not what it should be`);
  });
});

describe("code that is held", () => {
  it("stays while the sources are those that failed", async () => {
    const plan = await planOf("dev");
    const held = { ...before, since, because: "a view has no such field", instead: codeOf(plan) };
    hold(root, "dev", held);
    expect(letGoOfOther(root, plan)).toEqual(held);
    expect(readHeld(root, "dev")).toEqual(held);
  });

  it.each([
    ["another image", { image: "odoo-platform/odoo:other" }],
    ["other modules", { modules: ["base"] }],
  ])("goes where the sources have %s", async (_what, change) => {
    const plan = await planOf("dev");
    hold(root, "dev", { ...before, since, because: "why", instead: { ...codeOf(plan), ...change } });
    expect(letGoOfOther(root, plan)).toBeUndefined();
    expect(existsSync(join(root, heldFile("dev")))).toBe(false);
  });

  it("is let go where nothing is held, too", () => {
    letGo(root, "dev");
    expect(readHeld(root, "dev")).toBeUndefined();
  });
});
