import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { composeFault, findCompose, isSupported } from "../../engine/compose-cli.ts";
import { Fault } from "../../engine/fault.ts";
import { type EngineApi, engineApi } from "../harness/engine-api.ts";

test.each([
  ["2.20.0", true],
  ["v2.20.0", true],
  ["2.40.3+ds1", true],
  ["2.21.0-3", true],
  ["3.0", true],
  ["5.0.1", true],
  ["2.19.9", false],
  ["2.2.3", false],
  ["1.29.2", false],
  ["", false],
  ["unknown", false],
])("Docker Compose %s is new enough: %s", (version, supported) => {
  expect(isSupported(version)).toBe(supported);
});

describe("finding one", () => {
  // Programs of a project's own come before those of the machine, so that what the machine has doesn't matter.
  let root: string;
  let api: EngineApi;
  const said: string[] = [];
  const here = process.cwd();

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "compose-cli-"));
    for (const folder of ["node_modules/.bin", "docker"]) mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, "docker/Dockerfile.tools"), "FROM debian");
    process.chdir(root);
    api = await engineApi(({ method, path }) =>
      method === "GET" && path.startsWith("/images/shop/tools:") ? { json: { Id: "sha256:1" } } : undefined,
    );
  });
  afterEach(async () => {
    process.chdir(here);
    rmSync(root, { recursive: true });
    await api.close();
  });

  function program(name: string, script: string): void {
    const path = join(root, "node_modules/.bin", name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  }
  const find = () =>
    findCompose({
      docker: api.docker,
      root,
      project: "shop",
      stack: "dev",
      base: "debian",
      say: (line) => said.push(line),
    });

  test("prefers the Docker CLI's plugin", async () => {
    program("docker", 'test "$2" = version && echo 2.40.3');
    program("docker-compose", "echo 2.30.0");
    expect((await find()).description).toBe("docker compose 2.40.3");
  });

  test("takes docker-compose where the plugin is too old", async () => {
    program("docker", "echo 2.10.0");
    program("docker-compose", "echo 2.30.0");
    expect((await find()).description).toBe("docker-compose 2.30.0");
  });

  test("runs the one of the tools image where there is none here, and builds nothing that is there", async () => {
    program("docker", "echo unknown command: compose >&2; exit 1");
    program("docker-compose", "echo 1.29.2");
    expect((await find()).description).toMatch(/^docker-compose in shop\/tools:[0-9a-f]{12}$/);
    expect(said).toEqual([]);
    expect(api.asked.map(({ method }) => method)).toEqual(["GET"]);
  });

  test("gives its output line by line, and its exit code", async () => {
    program("docker", 'if test "$2" = version; then echo 2.40.3; else echo one "$@"; echo two >&2; exit 3; fi');
    const lines: string[] = [];
    const { exitCode, output } = await (await find()).run(["up", "--wait"], (line) => lines.push(line));
    expect(exitCode).toBe(3);
    expect(lines.sort()).toEqual(["one compose --ansi never --progress plain up --wait", "two"]);
    expect(output).toContain("two\n");
  });
});

describe("what went wrong", () => {
  test("is said in the lines that tell it", () => {
    const output = [
      " Container shop-dev-postgres  Creating",
      " Container shop-dev-postgres  Started",
      "dependency failed to start: container shop-dev-postgres is unhealthy",
      "",
    ].join("\n");
    expect(composeFault(output)).toEqual(
      new Fault(
        "Docker Compose could not bring the stack up:\ndependency failed to start: container shop-dev-postgres is unhealthy",
      ),
    );
  });

  test("is its last lines where none tells it", () => {
    const output = Array.from({ length: 9 }, (_, line) => `line ${line}`).join("\n");
    expect(composeFault(output).message.split("\n")).toEqual([
      "Docker Compose could not bring the stack up:",
      ...[3, 4, 5, 6, 7, 8].map((line) => `line ${line}`),
    ]);
  });
});
