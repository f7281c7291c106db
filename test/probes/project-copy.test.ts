import { existsSync, lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { x } from "tinyexec";
import { describe, expect, it } from "vitest";

import { publicFiles } from "../../engine/pages/public-files.ts";
import { onCopy } from "../../probes/project-copy.ts";
import { makeClone } from "../harness/clone.ts";

const head = async (cwd: string) => (await x("git", ["rev-parse", "HEAD"], { nodeOptions: { cwd } })).stdout;

describe("a copy of the project", () => {
  it("has what is there now, committed or not, with dependencies and history, and is gone afterwards", async () => {
    const clone = makeClone();
    clone.write("engine/new.ts", "export {};\n");
    clone.replace("README.md", "# odoo-platform", "# changed");
    clone.remove("LICENSE");
    clone.write("evidence/prod/2.5.json", "{}");
    const seen = await onCopy(clone.root, async (copy) => {
      expect(await publicFiles(copy)).toEqual(await publicFiles(clone.root));
      expect(await head(copy)).toBe(await head(clone.root));
      expect(readFileSync(join(copy, "README.md"), "utf8")).toMatch(/^# changed\n/);
      expect([existsSync(join(copy, "LICENSE")), existsSync(join(copy, "evidence/prod/2.5.json"))]).toEqual([
        false,
        true,
      ]);
      expect(lstatSync(join(copy, "node_modules")).isSymbolicLink()).toBe(true);
      return copy;
    });
    expect(existsSync(seen)).toBe(false);
    clone.discard();
  });

  it("is gone when the work on it fails too, and is made of a repository without a commit", async () => {
    const clone = makeClone();
    clone.remove(".git");
    await x("git", ["init", "--quiet"], { nodeOptions: { cwd: clone.root }, throwOnError: true });
    let seen = "";
    const work = onCopy(clone.root, (copy) => {
      seen = copy;
      return Promise.reject(new Error("broken"));
    });
    await expect(work).rejects.toThrow("broken");
    expect([seen === "", existsSync(seen)]).toEqual([false, false]);
    clone.discard();
  });
});
