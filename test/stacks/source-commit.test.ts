import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { sourceCommit, uncommitted } from "../../stacks/source-commit.ts";
import { makeRepository } from "../harness/repository.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "commit-"));
});
afterEach(() => rmSync(root, { recursive: true }));

describe("the commit of the sources", () => {
  it("is the last that changed anything but evidence: committing a decision must not undo it", () => {
    const { commit } = makeRepository(root);
    const first = commit("index.ts", "1");
    expect(sourceCommit(root)).toBe(first);
    commit("evidence/prod/6.2.json", "{}");
    expect(sourceCommit(root)).toBe(first);
    // Its statuses follow from evidence: it is generated anew with it.
    commit("spec/odoo-ce-devops-master-plan/tasks.md", "6.2 GO");
    expect(sourceCommit(root)).toBe(first);
    const second = commit("docs/evidence/x.md", "2");
    expect(sourceCommit(root)).toBe(second);
  });

  it("counts as left where only what is made of evidence has changed since", () => {
    const { commit } = makeRepository(root);
    for (const file of ["spec/odoo-ce-devops-master-plan/tasks.md", "spec/odoo-ce-devops-master-plan/plan.md"]) {
      commit(file, "as it was");
      appendFileSync(join(root, file), "more");
    }
    expect(uncommitted(root)).toEqual(["spec/odoo-ce-devops-master-plan/plan.md"]);
  });

  it("is nothing outside a repository, and before the first commit", () => {
    expect(sourceCommit(root)).toBe("");
    makeRepository(root);
    expect(sourceCommit(root)).toBe("");
  });
});
