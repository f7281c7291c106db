import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { x } from "tinyexec";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { moveBranch, refresh } from "../../../engine/promotion/branches.ts";
import { commitOf } from "../../../engine/worktree.ts";
import { makeRepository, type Repository } from "../../harness/repository.ts";

let folder: string;
let here: string;
let remote: string;
let [first, second]: [string, string] = ["", ""];
let git: Repository["git"];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "branches-"));
  [here, remote] = [join(folder, "here"), join(folder, "remote.git")];
  await x("git", ["init", "--quiet", "--bare", remote], { throwOnError: true });
  mkdirSync(here);
  const repository = makeRepository(here);
  git = repository.git;
  first = repository.commit("a", "first");
  second = repository.commit("a", "second");
  git("remote", "add", "origin", remote);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("a branch of this repository", () => {
  it("is made, and moved forward", async () => {
    await moveBranch(here, { branch: "production", commit: first, tip: undefined });
    expect(await commitOf(here, "production")).toBe(first);
    await moveBranch(here, { branch: "production", commit: second, tip: first });
    expect(await commitOf(here, "production")).toBe(second);
  });

  it("is not moved over what somebody else moved it to meanwhile", async () => {
    git("branch", "production", second);
    await expect(moveBranch(here, { branch: "production", commit: second, tip: first })).rejects.toThrow(
      `branch production was not moved there`,
    );
  });
});

describe("a branch of a remote", () => {
  const to = { branch: "production", remote: "origin" };

  it("is made, moved forward, and read again; one that it lacks is none", async () => {
    await moveBranch(here, { ...to, commit: first, tip: undefined });
    await moveBranch(here, { ...to, commit: second, tip: first });
    await refresh(here, "origin", ["production", "staging"]);
    expect(await commitOf(here, "refs/remotes/origin/production")).toBe(second);
    await expect(commitOf(here, "refs/remotes/origin/staging")).rejects.toThrow("There is no commit");
  });

  it("is never moved back, whatever was decided", async () => {
    await moveBranch(here, { ...to, commit: second, tip: undefined });
    await expect(moveBranch(here, { ...to, commit: first, tip: second })).rejects.toThrow(
      new RegExp(`The stack serves ${first.slice(0, 12)}, but branch production was not moved there: .*rejected`, "s"),
    );
  });

  it("that can't be reached says so", async () => {
    await expect(refresh(here, "upstream", ["production"])).rejects.toThrow("The branches of upstream can't be read");
  });
});
