import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { findCommandFaults, findWorkflowFaults } from "../../probes/workflow-faults.ts";

const GOOD = `on: push
permissions: {}
jobs:
  one:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
      - run: npm ci
      - run: npm run platform -- docs --check
`;
const PATH = ".github/workflows/w.yml";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "workflow-"));
  const write = (path: string, text: string) => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const scripts = {
    platform: "node cli/platform.mjs",
    lint: "eslint . && prettier --check .",
    gone: "node --import tsx scripts/gone.ts",
    ci: ".ci/run",
    all: "npm run lint && npm run gone",
  };
  write("package.json", JSON.stringify({ scripts }));
  write("cli/platform.mjs", "");
  write("cli/main.ts", '["docs", "write them"]');
  write("cli/docs.ts", '.option("--check", "only look")');
  write("cli/context.ts", '"-s, --stack <name>"');
  write("node_modules/.bin/eslint", "");
  write(PATH, GOOD);
});
afterEach(() => rmSync(root, { recursive: true }));

describe("a workflow", () => {
  it("that keeps to the rules has no fault", async () => {
    expect(await findWorkflowFaults(root, PATH)).toEqual([]);
  });

  it.each<[string, string, string, string]>([
    ["has a key that GitHub doesn't know", "runs-on:", "run-on:", 'w.yml:4: "runs-on" section is missing'],
    ["uses what no context has", "on: push", "on: push\nrun-name: ${{ github.nope }}", "w.yml"],
    [
      "names an action by its tag",
      "@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
      "@v7",
      "`actions/checkout@v7` must be pinned",
    ],
    ["doesn't say which version a commit is", " # v7.0.1", "", "must be pinned"],
    ["takes GitHub's default rights", "permissions: {}\n", "", "w.yml must begin with `permissions: {}`"],
    [
      "takes rights for every job",
      "permissions: {}",
      "permissions: write-all",
      "w.yml must begin with `permissions: {}`",
    ],
    [
      "doesn't name a job's rights",
      "    permissions:\n      contents: read\n",
      "",
      "job one must name its permissions",
    ],
    [
      "runs what nobody runs by hand",
      "run: npm ci",
      "run: curl https://example.org | sh",
      "is neither `npm ci` nor `npm run SCRIPT`",
    ],
    ["calls a verb that is gone", "docs --check", "dcos --check", "the platform has no verb dcos"],
    ["calls an option that is gone", "--check", "--chek", "the verb docs has no option --chek"],
    [
      "calls a script that is gone",
      "npm run platform -- docs --check",
      "npm run gate",
      "package.json has no script gate",
    ],
    [
      "calls a script whose file is gone",
      "npm run platform -- docs --check",
      "npm run gone",
      "script gone names scripts/gone.ts, which is missing",
    ],
    [
      "calls a program that nothing brings",
      "npm run platform -- docs --check",
      "npm run lint",
      "script lint calls prettier, which no dependency brings",
    ],
    ["is no YAML", "jobs:", "jobs: [", "w.yml is no YAML: "],
    ["runs nothing", "      - run: npm ci\n      - run: npm run platform -- docs --check\n", "", "w.yml runs nothing"],
  ])("that %s", async (_what, old, replacement, fault) => {
    expect(GOOD).toContain(old);
    writeFileSync(
      join(root, PATH),
      GOOD.replace(old, () => replacement),
    );
    expect((await findWorkflowFaults(root, PATH)).join("\n")).toContain(fault);
  });

  it("that is missing", async () => {
    expect(await findWorkflowFaults(root, ".github/workflows/x.yml")).toEqual([".github/workflows/x.yml is missing"]);
  });
});

describe("a command", () => {
  it.each<[string, string[]]>([
    ["npm ci", []],
    ["npm run --silent platform -- docs --check --stack prod", []],
    ['sudo env "PATH=$PATH" npm run ci', ["script ci names .ci/run, which is missing"]],
    ["sudo npm run ci", ["`sudo npm run ci` is neither `npm ci` nor `npm run SCRIPT`"]],
    ["npm run platform docs", ["the platform has no verb "]],
    ["npm run lint; rm -rf /", ["`npm run lint; rm -rf /` is neither `npm ci` nor `npm run SCRIPT`"]],
  ])("%s", (command, faults) => {
    expect(findCommandFaults(root, command)).toEqual(faults);
  });
});
