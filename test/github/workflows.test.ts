import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { x } from "tinyexec";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { commandsOf, findWorkflowFaults } from "../../probes/workflow-faults.ts";
import { onCopy } from "../../probes/project-copy.ts";
import { ROOT } from "../harness/plans.ts";

const FOLDER = ".github/workflows";

interface Job {
  readonly if?: string;
  readonly permissions: { readonly [scope: string]: string };
  readonly steps: readonly {
    readonly run?: string;
    readonly env?: object;
    readonly with?: { readonly [key: string]: unknown };
    readonly uses?: string;
  }[];
  readonly env?: object;
}
interface Workflow {
  readonly on: { readonly [event: string]: unknown };
  readonly jobs: { readonly [name: string]: Job };
}

function read(name: string): Workflow {
  return parse(readFileSync(join(ROOT, FOLDER, name), "utf8")) as Workflow;
}

/** Commands of every workflow: one that is added or dropped is a visible change. */
const COMMANDS: { readonly [name: string]: readonly string[] } = {
  "branch-promotion.yml": ["npm ci", 'npm run platform -- promote --stack "$STACK" --remote origin'],
  "ci-odoo-ce.yml": [
    "npm ci",
    'npm run platform -- ci --changed "$BASE" --junit test-results/modules.xml',
    "npm run platform -- ci --all --junit test-results/modules.xml",
  ],
  "ci-runbot.yml": [
    "npm ci",
    "npm run lint",
    "npm run typecheck",
    "npm run test -- --reporter=default --reporter=junit --outputFile.junit=test-results/junit.xml",
    'sudo env "PATH=$PATH" npm run ci',
  ],
  "docs-drift-gate.yml": ["npm ci", "npm run platform -- docs --check"],
  "dr-drill.yml": ["npm ci", 'npm run platform -- drill --stack "$STACK" --region "$REGION"'],
  "llms-txt-check.yml": ["npm ci", "npm run platform -- verify --task 0.2 0.3 0.8"],
  "previews.yml": [
    "npm ci",
    'npm run platform -- preview open "$NUMBER" "$COMMIT"',
    'npm run platform -- preview close "$NUMBER"',
    "npm run platform -- preview sweep",
  ],
  "quarterly-review.yml": [
    "npm ci",
    'npm run platform -- review --stack "$STACK" --quarter "$QUARTER"',
    'npm run platform -- review --stack "$STACK" --next',
  ],
  "policy-review.yml": [
    "npm ci",
    'npm run review -- --against "$BASE" --out review.md',
    "npm ci",
    'npm run preview -- --stack "$STACK"',
  ],
};

describe("the workflows", () => {
  it("are these, and run these commands", () => {
    const found = readdirSync(join(ROOT, FOLDER)).sort();
    expect(Object.fromEntries(found.map((name) => [name, commandsOf(read(name))]))).toEqual(COMMANDS);
  });

  it.each(Object.keys(COMMANDS))("%s passes actionlint, and calls only what is there", async (name) => {
    expect(await findWorkflowFaults(ROOT, `${FOLDER}/${name}`)).toEqual([]);
  });

  it.each(Object.keys(COMMANDS))("%s never runs a fork's code with rights", (name) => {
    expect(Object.keys(read(name).on)).not.toContain("pull_request_target");
  });

  it("check sources out without leaving a token behind", () => {
    const checkouts = Object.keys(COMMANDS)
      .flatMap((name) => Object.values(read(name).jobs).flatMap(({ steps }) => steps))
      .filter(({ uses = "" }) => uses.startsWith("actions/checkout@"));
    expect(checkouts.length).toBeGreaterThan(4);
    for (const step of checkouts) expect(step.with?.["persist-credentials"]).toBe(false);
  });
});

describe("policy-review.yml", () => {
  const { jobs } = read("policy-review.yml");
  const isOwn = /github\.event\.pull_request\.head\.repo\.full_name == github\.repository/;

  it("reviews without a secret and without rights to write", () => {
    expect(jobs["review"]?.permissions).toEqual({ contents: "read" });
    expect(JSON.stringify(jobs["review"])).not.toContain("secrets.");
    expect(jobs["review"]?.if).toBeUndefined();
  });

  it("posts from a job that runs nothing of the pull request, for branches of our own only", () => {
    expect(jobs["post"]?.permissions).toEqual({ "pull-requests": "write" });
    expect(jobs["post"]?.if).toMatch(isOwn);
    expect(jobs["post"]?.steps.map(({ run, uses }) => run ?? uses?.split("@")[0])).toEqual([
      "actions/download-artifact",
      "actions/github-script",
    ]);
  });

  it("gives credentials to branches of our own only, and to one step", () => {
    expect(jobs["preview"]?.if).toMatch(isOwn);
    const text = readFileSync(join(ROOT, FOLDER, "policy-review.yml"), "utf8");
    expect(text.match(/secrets\.PULUMI_ACCESS_TOKEN/g)).toHaveLength(1);
    expect(jobs["preview"]?.steps.at(-1)?.env).toEqual({ PULUMI_ACCESS_TOKEN: "${{ secrets.PULUMI_ACCESS_TOKEN }}" });
  });

  it("takes nothing that a stranger names into a shell", () => {
    for (const name of Object.keys(COMMANDS))
      for (const command of commandsOf(read(name))) expect(command).not.toContain("${{");
  });
});

describe("what they run, run here", () => {
  // Not again what runs this very test, or needs a Docker Engine or credentials: lint, types, tests, ci, preview. That
  // these exist is decided above. `npm run review` is in test/scripts/policy_review.test.ts.
  it.each(
    [...(COMMANDS["docs-drift-gate.yml"] ?? []), ...(COMMANDS["llms-txt-check.yml"] ?? [])].filter(
      (command) => command !== "npm ci",
    ),
  )("%s", async (command) => {
    await onCopy(ROOT, async (copy) => {
      const env = { CI: "true", NO_COLOR: "1", DOCKER_HOST: "unix:///nowhere/docker.sock" };
      const { exitCode, stdout, stderr } = await x("bash", ["-eo", "pipefail", "-c", command], {
        nodeOptions: { cwd: copy, env },
      });
      expect([exitCode, stdout + stderr]).toEqual([0, expect.any(String)]);
    });
  });
});
