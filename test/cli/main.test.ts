import { x } from "tinyexec";
import { beforeAll, describe, expect, test } from "vitest";

import { type CliResult, platform } from "../harness/cli.ts";
import { ROOT } from "../harness/plans.ts";
import { makeProject } from "../harness/project.ts";

// The command line as a process: exit codes, and what is printed where. Verbs are tested one by one in process.

// A Docker Engine that isn't there: no test of this file touches a real one.
const NO_ENGINE = { DOCKER_HOST: "unix:///nowhere/docker.sock" };
/** A line of a trace. A user who can mend something needs none. */
const TRACE = /^ +at /m;

const COMMANDS = {
  help: ["--help"],
  "help of a verb": ["help", "gate"],
  "no verb": [],
  "an unknown verb": ["upp"],
  "an engine that there isn't": ["up", "--engine", "terraform"],
  "an unknown stack": ["plan", "--stack", "prd"],
  "a broken configuration": ["up", "--stack", "broken"],
  "no Docker Engine": ["logs", "odoo"],
  plan: ["plan", "--stack", "prod", "--json"],
} as const;

type Case = keyof typeof COMMANDS;
const results = new Map<Case, CliResult>();
const resultOf = (one: Case) => results.get(one) as CliResult;

// Each command takes a second to load, and none waits for another.
beforeAll(async () => {
  const project = makeProject();
  const broken = { "httpPort: 8080": "httpPort: 8443", "workers: 2": "worker: 2" };
  project.addStack("broken", "dev", broken);
  await Promise.all(
    Object.entries(COMMANDS).map(async ([name, args]) => {
      results.set(name as Case, await platform(args, { cwd: project.root, env: NO_ENGINE }));
    }),
  );
  project.remove();
});

describe("help", () => {
  test("lists every verb, and ends with 0", () => {
    const { exitCode, stdout } = resultOf("help");
    expect(exitCode).toBe(0);
    expect([...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name)).toEqual([
      ...[
        "up",
        "update",
        "rollback",
        "promote",
        "clone",
        "cutover",
        "down",
        "plan",
        "verify",
        "backup",
        "gate",
        "evidence",
        "restore",
        "drill",
        "ci",
        "runbot",
        "preview",
        "status",
        "shell",
        "mcp",
        "logs",
        "outputs",
        "images",
        "lock",
        "review",
        "sla",
        "lessons",
        "docs",
        "doctor",
        "help",
      ],
    ]);
  });

  test("of a verb has its options", () => {
    expect(resultOf("help of a verb")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("--phase") as unknown,
    });
  });
});

test.each<[Case, string]>([
  ["no verb", "Usage: platform"],
  ["an unknown verb", "error: unknown command 'upp'\n(Did you mean up?)"],
  ["an engine that there isn't", "Allowed choices are pulumi, compose."],
])("%s is a usage error: 2, and a word on help", (name, sentence) => {
  const { exitCode, stdout, stderr } = resultOf(name);
  expect([exitCode, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(sentence);
  expect(stderr).toContain("help");
  expect(stderr).not.toMatch(TRACE);
});

test.each<[Case, string]>([
  ["an unknown stack", "There is no stack prd: Pulumi.prd.yaml is missing. Stacks here: broken, dev, prod, staging.\n"],
  [
    "no Docker Engine",
    "The Docker Engine at DOCKER_HOST=unix:///nowhere/docker.sock does not answer (connect ENOENT /nowhere/docker.sock). Unset DOCKER_HOST to use the local one, or start that one.\n",
  ],
])("%s is a fault: 1, one sentence with what mends it, and no trace", (name, sentence) => {
  expect(resultOf(name)).toEqual({ exitCode: 1, stdout: "", stderr: sentence });
});

test("a broken configuration is a fault with all that is wrong, before the Docker Engine is asked", () => {
  const { exitCode, stdout, stderr } = resultOf("a broken configuration");
  expect(exitCode).toBe(1);
  expect(stderr).toContain(
    [
      "The configuration of stack broken has 3 faults:",
      "  - odoo.workers: is missing (a number)",
      "  - odoo.worker: is not a setting; look for a typing error",
      "  - edge.httpPort: must differ from httpsPort; got 8443",
      "Mend Pulumi.broken.yaml (keys are documented in stacks/config.ts and stacks/settings/), then run the command again.",
    ].join("\n"),
  );
  expect(stdout + stderr).not.toMatch(TRACE);
  expect(stdout + stderr).not.toContain("/nowhere/docker.sock");
});

test("a reader who has read enough is no failure, and leaves no trace", async () => {
  const command = `"${process.execPath}" cli/platform.mjs plan --stack prod --json | head -c 11; echo " \${PIPESTATUS[0]}"`;
  const { stdout, stderr } = await x("bash", ["-c", command], { nodeOptions: { cwd: ROOT } });
  expect([stdout, stderr]).toEqual(['{\n  "digest 0\n', ""]);
});

test("plan for programs is one JSON document with the plan's digest, and no secret", () => {
  const { exitCode, stdout, stderr } = resultOf("plan");
  const plan = JSON.parse(stdout) as { digest: string; stack: string; resources: unknown[] };
  expect([exitCode, stderr, plan.stack]).toEqual([0, "", "prod"]);
  expect(plan.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(plan.resources.length).toBeGreaterThan(40);
  expect(stdout).not.toMatch(/"content": "/);
});
