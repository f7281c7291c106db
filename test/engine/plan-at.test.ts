import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { planAt } from "../../engine/plan-at.ts";
import { planStack } from "../../engine/stack-plan.ts";
import { diffPlans } from "../../plan/diff.ts";
import { writeEvidence } from "../../probes/evidence-store.ts";
import { evidenceOf } from "../gates/fixtures.ts";
import { platform } from "../harness/cli.ts";
import { ROOT } from "../harness/plans.ts";
import { makeProject, type Project } from "../harness/project.ts";
import { makeRepository, type Repository } from "../harness/repository.ts";
import { untraced } from "../harness/untraced.ts";

let project: Project;
let repository: Repository;

beforeAll(() => {
  project = makeProject();
  const parts = ["cli", "engine", "gates", "plan", "policies", "probes", "package.json", "tsconfig.json"];
  for (const part of parts) cpSync(join(ROOT, part), join(project.root, part), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(project.root, "node_modules"));
  repository = makeRepository(project.root);
  repository.commit(".gitignore", "node_modules\n.platform/\nevidence/*\n!evidence/prod/\n");
  repository.git("tag", "good");
  repository.commit("Pulumi.prod.yaml", text().replace("maxConnections: 300", "maxConnections: many"));
  repository.git("tag", "broken");
  repository.git("checkout", "--quiet", "good");
  // A hook, of which a comparison must run none.
  mkdirSync(join(project.root, ".git/hooks"), { recursive: true });
  writeFileSync(join(project.root, ".git/hooks/post-checkout"), "#!/bin/sh\ntouch hooked\n", { mode: 0o755 });
});
afterAll(() => project.remove());

const text = () => readFileSync(join(project.root, "Pulumi.prod.yaml"), "utf8");
/** Whether a folder is a tree of this repository: other tests compare with refs at the same time. */
const isOurs = (folder: string) => {
  const link = join(tmpdir(), folder, "tree/.git");
  return existsSync(link) && readFileSync(link, "utf8").includes(project.root);
};
const left = () => [
  readdirSync(tmpdir()).filter((name) => name.startsWith("plan-at-") && isOurs(name)),
  repository.git("worktree", "list").split("\n").length,
];

describe("the plan at a ref", () => {
  it("is what its own program makes of its own configuration; what changed since is the difference", async () => {
    const before = await planAt(project.root, "prod", "good");
    const config = text();
    writeFileSync(join(project.root, "Pulumi.prod.yaml"), config.replace("maxConnections: 300", "maxConnections: 310"));
    const after = await untraced(() => planStack("prod", { root: project.root }));
    writeFileSync(join(project.root, "Pulumi.prod.yaml"), config);
    const again = await untraced(() => planStack("prod", { root: project.root }));
    if (before === undefined) throw new Error("there is no plan");
    expect(diffPlans(before, again)).toMatchObject({ added: [], changed: [], removed: [] });
    expect(diffPlans(before, after).changed).toMatchObject([{ name: "postgres", replaced: "yes" }]);
    expect(existsSync(join(project.root, "hooked"))).toBe(false);
  });

  it("judges by evidence that is not in git, too, and leaves nothing behind", async () => {
    writeEvidence(project.root, evidenceOf("2.5", { planDigest: "0".repeat(64), at: new Date().toISOString() }));
    const plan = await planAt(project.root, "dev", "good");
    const { tasks } = plan?.outputs["phase2"] as { tasks: { id: string; status: string; detail: string }[] };
    expect(tasks.find(({ id }) => id === "2.5")).toMatchObject({
      status: "NO-GO",
      detail: expect.stringContaining("is of another plan") as string,
    });
    expect(left()).toEqual([[], 1]);
  });

  it("is none where the stack is not there yet", async () => {
    project.addStack("shop", "dev", {});
    expect(await planAt(project.root, "shop", "good")).toBeUndefined();
  });
});

describe("plan --against", () => {
  const plan = (...args: string[]) => platform(["plan", ...args], { cwd: project.root });

  it("a ref that there isn't is wrong usage", async () => {
    expect(await plan("--stack", "prod", "--against", "no/such")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringMatching(/^There is no commit no\/such in this repository; name a branch/) as string,
    });
    expect((await plan("--stack", "prod", "--against=--all")).exitCode).toBe(2);
  });

  it("a ref whose configuration does not parse says what is wrong with it there", async () => {
    const { exitCode, stdout, stderr } = await plan("--stack", "prod", "--against", "broken");
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^Stack prod can't be planned at broken:\nThe configuration of stack prod has 1 fault:/);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(left()).toEqual([[], 1]);
  });

  it("a good one is a report, as JSON too", async () => {
    const { exitCode, stdout } = await plan("--stack", "prod", "--against", "good", "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ref: "good", stack: "prod", added: [], changed: [], removed: [] });
  });

  it("as Markdown needs something to compare with", async () => {
    const { exitCode, stderr } = await plan("--format", "markdown");
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("add --against <ref>")]);
  });
});
