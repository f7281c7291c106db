import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { composeBundle, type Bundle } from "../../gates/bundle.ts";
import { sealed } from "../../gates/seal.ts";
import { commitBundle, readBundle } from "../../probes/evidence-branch.ts";
import { evidenceOf, factsOf, NOW, probeTask } from "../gates/fixtures.ts";
import { makeRepository, type Repository } from "../harness/repository.ts";
import { LAB } from "../harness/signer.ts";

let root: string;
let repository: Repository;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "branch-"));
  repository = makeRepository(root);
});
afterEach(() => rmSync(root, { recursive: true }));

const bundleOf = (phase: number, changes: Partial<Bundle> = {}) =>
  sealed(
    { ...composeBundle([probeTask(`${phase}.5`)], phase, factsOf([evidenceOf(`${phase}.5`)]), NOW), ...changes },
    LAB.key,
  );

describe("a bundle in git", () => {
  it("is on a branch of its stack, and leaves working tree, index and HEAD alone", () => {
    const head = repository.commit("index.ts", "1");
    const commit = commitBundle(root, bundleOf(2));
    expect(readBundle(root, "dev", 2)).toEqual({ commit, bundle: bundleOf(2) });
    expect(repository.git("rev-parse", "evidence/dev")).toBe(commit);
    expect([repository.git("status", "--porcelain"), repository.git("rev-parse", "HEAD")]).toEqual(["", head]);
    expect(repository.git("log", "-1", "--format=%an: %s", commit)).toBe("Ann: Prove phase 2 of stack dev");
  });

  it("stands beside those of other phases, over the earlier one of its own, with its history", () => {
    const first = commitBundle(root, bundleOf(1));
    commitBundle(root, bundleOf(2));
    const third = commitBundle(root, bundleOf(2, { at: "2026-03-02T12:00:00.000Z" }));
    expect(repository.git("ls-tree", "--name-only", third).split("\n")).toEqual(["phase-1.json", "phase-2.json"]);
    expect(repository.git("rev-parse", `${third}~2`)).toBe(first);
    expect(readBundle(root, "dev", 2)?.bundle.at).toBe("2026-03-02T12:00:00.000Z");
  });

  it("that is there already is not committed again", () => {
    expect(commitBundle(root, bundleOf(2))).toBe(commitBundle(root, bundleOf(2)));
  });

  it("is committed where git knows nobody, too", () => {
    repository.git("config", "--unset", "user.name");
    repository.git("config", "--unset", "user.email");
    const [home, global] = [process.env["HOME"], process.env["GIT_CONFIG_GLOBAL"]];
    Object.assign(process.env, { HOME: root, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" });
    try {
      const commit = commitBundle(root, bundleOf(2));
      expect(repository.git("log", "-1", "--format=%ae", commit)).toBe("platform@localhost");
    } finally {
      process.env["HOME"] = home;
      if (global === undefined) delete process.env["GIT_CONFIG_GLOBAL"];
      else process.env["GIT_CONFIG_GLOBAL"] = global;
      delete process.env["GIT_CONFIG_NOSYSTEM"];
    }
  });

  it("is found where only the remote's branch is here", () => {
    const commit = commitBundle(root, bundleOf(2));
    repository.git("update-ref", "refs/remotes/origin/evidence/dev", commit);
    repository.git("branch", "-D", "evidence/dev");
    expect(readBundle(root, "dev", 2)?.commit).toBe(commit);
  });

  it("is nothing where there is no branch, no such phase, no such stack", () => {
    expect(readBundle(root, "dev", 2)).toBeUndefined();
    commitBundle(root, bundleOf(2));
    expect([readBundle(root, "dev", 3), readBundle(root, "prod", 2)]).toEqual([undefined, undefined]);
  });

  it("that is none says where it lies", () => {
    repository.commit("phase-2.json", '{"stack":"dev"}');
    repository.git("branch", "evidence/dev");
    expect(() => readBundle(root, "dev", 2)).toThrow("phase-2.json on branch evidence/dev is no bundle of evidence");
  });

  it("needs a repository", () => {
    rmSync(join(root, ".git"), { recursive: true });
    expect(() => commitBundle(root, bundleOf(2))).toThrow("This folder is in no git repository");
    expect(() => readBundle(root, "dev", 2)).toThrow("This folder is in no git repository");
  });
});
