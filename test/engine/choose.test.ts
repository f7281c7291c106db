import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { chooseEngine, madeWith, rememberEngine } from "../../engine/choose.ts";
import { Fault } from "../../engine/fault.ts";
import { type EngineApi, engineApi } from "../harness/engine-api.ts";
import { planOf } from "../harness/plans.ts";

// That Pulumi is taken where its CLI is found, and works, is for the end-to-end tests.

let root: string;
let api: EngineApi;
const [here, env] = [process.cwd(), { ...process.env }];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "choose-"));
  mkdirSync(join(root, "docker"));
  writeFileSync(join(root, "docker/Dockerfile.tools"), "FROM debian");
  // A machine without a Pulumi CLI, and with a Docker Compose.
  process.env["PULUMI_HOME"] = join(root, "pulumi");
  process.env["PATH"] = "/usr/bin:/bin";
  program("node_modules/.bin/docker", "echo 2.40.3");
  process.chdir(root);
  api = await engineApi(() => undefined);
});
afterEach(async () => {
  process.chdir(here);
  process.env = { ...env };
  rmSync(root, { recursive: true });
  await api.close();
});

function program(path: string, script: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), `#!/bin/sh\n${script}\n`);
  chmodSync(join(root, path), 0o755);
}

async function choose(wanted?: string) {
  const plan = await planOf("dev");
  const { engine, reason } = await chooseEngine({ docker: api.docker, root, plan, wanted, say: () => undefined });
  return `${engine.name}: ${reason}`;
}

describe("the engine", () => {
  test("is Compose where there is no Pulumi CLI", async () => {
    expect(await choose()).toBe("compose: no Pulumi CLI was found");
  });

  test("is the one asked for", async () => {
    expect(await choose("compose")).toBe("compose: --engine asked for it");
  });

  test("is the one that made the stack, though a Pulumi CLI is found", async () => {
    program("pulumi/bin/pulumi", "echo v3.248.0");
    rememberEngine(root, "dev", "compose");
    expect(await choose()).toBe("compose: the stack was made with it");
  });
});

describe("refusals", () => {
  test("an engine that there isn't", async () => {
    await expect(choose("terraform")).rejects.toThrow(new Fault("--engine must be pulumi or compose; got terraform"));
  });

  test("Pulumi, where its CLI isn't", async () => {
    await expect(choose("pulumi")).rejects.toThrow(/^No Pulumi CLI was found/);
  });

  test("another engine than made the stack: it would take the containers for strangers", async () => {
    rememberEngine(root, "dev", "pulumi");
    await expect(choose("compose")).rejects.toThrow(
      new Fault(
        "Stack dev was made with pulumi, which keeps the secrets that its data was made with. To make it anew with compose, remove it with its data: `npm run platform -- down --stack dev --volumes`.",
      ),
    );
  });

  test("a stack that Pulumi made, where its CLI is gone", async () => {
    rememberEngine(root, "dev", "pulumi");
    await expect(choose()).rejects.toThrow(/^No Pulumi CLI was found/);
  });
});

describe("what made a stack", () => {
  test("is remembered for each stack", () => {
    rememberEngine(root, "dev", "compose");
    rememberEngine(root, "staging", "pulumi");
    expect(["dev", "staging", "prod"].map((stack) => madeWith(root, stack))).toEqual(["compose", "pulumi", undefined]);
  });
});
