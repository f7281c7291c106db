import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type Docker from "dockerode";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { buildCommit, outcomeOf } from "../../../engine/runbot/run.ts";
import { newHeads } from "../../../engine/runbot/heads.ts";
import { readBuilds } from "../../../engine/runbot/store.ts";
import { type Clone, makeClone } from "../../harness/clone.ts";
import { makeRepository, type Repository } from "../../harness/repository.ts";
import { resultOf } from "../module-tests/results.ts";

describe("a build comes to", () => {
  test("green where all is green, and says how much was tested", () => {
    expect(outcomeOf({ results: [resultOf("a"), resultOf("b")] })).toMatchObject({
      status: "green",
      detail: "2 modules, 2 tests",
    });
  });

  test("green where no module is touched", () => {
    expect(outcomeOf({ results: [] })).toEqual({ status: "green", detail: "no module is touched", modules: [] });
  });

  test("the worst of its modules, each of which that isn't green is named", () => {
    const results = [
      resultOf("a", { status: "yellow", detail: "old" }),
      resultOf("b", { status: "red", detail: "1 of 2 tests failed: test_it" }),
      resultOf("c"),
    ];
    expect(outcomeOf({ results })).toMatchObject({
      status: "red",
      detail: "a is yellow: old; b is red: 1 of 2 tests failed: test_it",
    });
  });

  test("red where it could not be tried, with the reason", () => {
    expect(outcomeOf({ fault: "the image could not be built" })).toEqual({
      ...{ status: "red", detail: "the image could not be built", modules: [] },
    });
  });
});

describe("building a commit", () => {
  let clone: Clone;
  let repository: Repository;
  beforeEach(() => {
    clone = makeClone();
    repository = makeRepository(clone.root);
    // Whatever the project is at: a branch, or a commit alone.
    repository.git("checkout", "--quiet", "-B", "main");
    repository.commit("first.txt", "1");
  });
  afterEach(() => clone.discard());
  // No Docker Engine is asked: what it takes fails, or is not needed.
  const args = () => ({ root: clone.root, docker: {} as Docker, stack: "dev", say: () => undefined });

  test("that touches no module is green at once, and on record from its beginning", async () => {
    const commit = repository.commit("docs/page.md", "# A page\n");
    const begun: string[] = [];
    const build = await buildCommit({
      ...args(),
      ...{ ref: "main", base: "main~1" },
      onBegin: ({ status }) => {
        begun.push(status, ...readBuilds(clone.root).map(({ status }) => status));
        return Promise.resolve();
      },
    });
    expect(begun).toEqual(["running", "running"]);
    expect(build).toMatchObject({ branch: "main", commit, subject: "docs/page.md", author: "Ann", status: "green" });
    expect(readBuilds(clone.root)).toEqual([build]);
  });

  test("whose lock was edited by hand is red, and names it; what lies about in the folder doesn't count", async () => {
    repository.commit("oca.lock.json", "{}");
    clone.write("oca.lock.json", "also wrong");
    const build = await buildCommit({ ...args(), ref: "main", branch: "trunk" });
    expect(build).toMatchObject({
      branch: "trunk",
      status: "red",
      detail: expect.stringMatching(/^the lock does not hold/) as string,
    });
  });

  test("that isn't there is refused, and leaves no record", async () => {
    await expect(buildCommit({ ...args(), ref: "nowhere" })).rejects.toThrow("There is no commit nowhere");
    expect(readBuilds(clone.root)).toEqual([]);
  });
});

describe("new heads of a remote", () => {
  let origin: string;
  let clone: Clone;
  beforeEach(() => {
    origin = mkdtempSync(join(tmpdir(), "origin-"));
    clone = makeClone();
  });
  afterEach(() => {
    rmSync(origin, { recursive: true, force: true });
    clone.discard();
  });

  test("are those that no build is of; a commit on two branches is a build of each", async () => {
    const remote = makeRepository(origin);
    const commit = remote.commit("a.txt", "1");
    remote.git("branch", "feature");
    const own = makeRepository(clone.root);
    own.git("remote", "add", "upstream", origin);
    const heads = [
      { branch: "feature", commit },
      { branch: "main", commit },
    ];
    expect(await newHeads(clone.root, "upstream")).toEqual(heads);
    own.git("checkout", "--quiet", "--force", "-B", "main", "upstream/main");
    await buildCommit({
      ...{ root: clone.root, docker: {} as Docker, stack: "dev", say: () => undefined },
      ...{ ref: commit, branch: "main", base: commit },
    });
    expect(await newHeads(clone.root, "upstream")).toEqual([{ branch: "feature", commit }]);
  });

  test("can't be had from a remote that isn't there", async () => {
    makeRepository(clone.root);
    await expect(newHeads(clone.root, "nowhere")).rejects.toThrow(/^Remote nowhere can't be asked/);
  });
});
