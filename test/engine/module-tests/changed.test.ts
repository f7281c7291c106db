import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { changedModules, changesSince } from "../../../engine/module-tests/changed.ts";
import { EMPTY_LOCK, type Lock, type LockedAddon } from "../../../gates/addons/lock.ts";
import { makeRepository, type Repository } from "../../harness/repository.ts";

const lock = (digests: { readonly [name: string]: string }): Lock => ({
  ...EMPTY_LOCK,
  addons: Object.fromEntries(Object.entries(digests).map(([name, digest]) => [name, { digest } as LockedAddon])),
});
const BEFORE = lock({ queue_job: "1", dms: "1" });
const own = ["ipai_platform", "ipai_shop"];
const touched = (paths: string[], now = BEFORE) => changedModules({ paths, before: BEFORE, now, own });

describe("a change touches", () => {
  test.each<[string, string[], string[]]>([
    ["the module whose file it is", ["docker/odoo/addons/ipai_shop/views/a.xml"], ["ipai_shop"]],
    ["no module that only begins alike", ["docker/odoo/addons/ipai_shop_more/a.py"], []],
    ["none by a page of documentation", ["docs/ARCHITECTURE.md", "README.md"], []],
    ["all of ours by what they run on", ["docker/Dockerfile.ce19"], own],
    ["all of ours by how Odoo is started", ["docker/odoo/platform_odoo/conf.py"], own],
  ])("%s", (_what, paths, modules) => {
    expect(touched(paths)).toEqual(modules);
  });

  test("locked modules whose content is another, and new ones; those that are gone can't be tested", () => {
    expect(touched(["oca.lock.json"], lock({ queue_job: "2", date_range: "1" }))).toEqual(["date_range", "queue_job"]);
  });

  test("all that is locked where there was no lock before", () => {
    expect(changedModules({ paths: [], before: undefined, now: BEFORE, own })).toEqual(["dms", "queue_job"]);
  });
});

describe("what differs from a commit", () => {
  let root: string;
  let repository: Repository;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "changes-"));
    repository = makeRepository(root);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test("is what was committed since the branch began, what wasn't yet, and what git doesn't know yet", async () => {
    repository.commit("oca.lock.json", JSON.stringify(EMPTY_LOCK));
    repository.commit("a.txt", "1");
    repository.git("checkout", "--quiet", "-b", "branch");
    repository.commit("b.txt", "1");
    writeFileSync(join(root, "a.txt"), "2");
    writeFileSync(join(root, "c.txt"), "1");
    repository.git("checkout", "--quiet", "-b", "elsewhere", "main");
    repository.git("checkout", "--quiet", "branch");
    const { paths, before } = await changesSince(root, "main");
    expect([...paths].sort()).toEqual(["a.txt", "b.txt", "c.txt"]);
    expect(before).toEqual(EMPTY_LOCK);
  });

  test("has no lock before where there was none", async () => {
    repository.commit("a.txt", "1");
    expect((await changesSince(root, "HEAD")).before).toBeUndefined();
  });

  test("is refused for a commit that isn't there", async () => {
    repository.commit("a.txt", "1");
    await expect(changesSince(root, "nowhere")).rejects.toThrow(/^git knows no commit nowhere/);
  });
});
