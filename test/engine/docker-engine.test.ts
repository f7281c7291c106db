import { spawn } from "node:child_process";
import { mkdtempSync, openSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
  ensureEngine,
  explainConnection,
  hasProgram,
  probeEngine,
  remedy,
  untilEngineAnswers,
} from "../../engine/docker-engine.ts";
import { Fault } from "../../engine/fault.ts";
import { type Answer, type EngineApi, engineApi } from "../harness/engine-api.ts";

// Starting and installing an Engine is for the end-to-end tests: it changes the machine.

const host = process.env["DOCKER_HOST"];
let api: EngineApi | undefined;
beforeEach(() => {
  process.env["DOCKER_HOST"] = "unix:///nowhere/docker.sock";
});
afterEach(async () => {
  if (host === undefined) delete process.env["DOCKER_HOST"];
  else process.env["DOCKER_HOST"] = host;
  await api?.close();
  api = undefined;
});

async function answering(answer: Answer): Promise<void> {
  api = await engineApi(({ path }) => (path === "/version" ? answer : undefined));
  process.env["DOCKER_HOST"] = api.host;
}

describe("remedies: one sentence with what is wrong, one with the command", () => {
  test("no rights", () => {
    expect(remedy("no rights", "")).toBe(
      "This user may not use the Docker Engine (/var/run/docker.sock: permission denied). Run `sudo usermod -aG docker $USER`, log in again, and repeat the command.",
    );
  });

  test("not running", () => {
    expect(remedy("not running", "")).toBe(
      "The Docker Engine is installed but does not run. Run `sudo systemctl start docker` (or `sudo dockerd &`), then repeat the command.",
    );
  });

  test("not installed", () => {
    expect(remedy("not installed", "")).toBe(
      "There is no Docker Engine on this machine. On Debian or Ubuntu run `sudo apt-get install docker.io`, then repeat the command.",
    );
  });

  test("unreachable", () => {
    expect(remedy("unreachable", "connect ENOENT /nowhere")).toBe(
      "The Docker Engine at DOCKER_HOST=unix:///nowhere/docker.sock does not answer (connect ENOENT /nowhere). Unset DOCKER_HOST to use the local one, or start that one.",
    );
  });
});

describe("waiting for an Engine that starts", () => {
  const daemonThat = (script: string) => {
    const log = join(mkdtempSync(join(tmpdir(), "engine-")), "dockerd.log");
    const file = openSync(log, "a");
    return { log, daemon: spawn("sh", ["-c", script], { stdio: ["ignore", file, file] }) };
  };

  test("ends with what it said last when it ended", async () => {
    const { daemon, log } = daemonThat("echo starting; echo failed to start daemon: no cgroup; exit 1");
    await expect(untilEngineAnswers(daemon, log)).rejects.toThrow(
      `dockerd ended while it started: failed to start daemon: no cgroup. All it said is in ${log}.`,
    );
  });

  test("ends when it answers", async () => {
    await answering({ json: { Version: "28.2.2" } });
    const { daemon, log } = daemonThat("sleep 10");
    await expect(untilEngineAnswers(daemon, log)).resolves.toBeUndefined();
    daemon.kill();
  });
});

describe("asking the Engine", () => {
  test("that answers gives its version", async () => {
    await answering({ json: { Version: "28.2.2" } });
    expect(await probeEngine()).toEqual({ version: "28.2.2" });
  });

  test("that DOCKER_HOST names and that isn't there is unreachable", async () => {
    expect(await probeEngine()).toMatchObject({ problem: "unreachable" });
  });

  test("makes sure of one that answers, changing nothing", async () => {
    await answering({ json: { Version: "28.2.2" } });
    const docker = await ensureEngine(() => expect.unreachable("nothing is installed or started"));
    expect((await docker.version()).Version).toBe("28.2.2");
  });

  test("refuses one that is too old", async () => {
    await answering({ json: { Version: "19.03.8" } });
    await expect(ensureEngine(() => undefined)).rejects.toThrow(
      new Fault(
        "Docker Engine 19.03.8 is too old; 20.10 or newer is needed. Install your distribution's docker.io or Docker CE.",
      ),
    );
  });

  test("refuses one that DOCKER_HOST names and that isn't there: another is not what was asked for", async () => {
    await expect(ensureEngine(() => undefined)).rejects.toThrow(
      new Fault(remedy("unreachable", "connect ENOENT /nowhere/docker.sock")),
    );
  });
});

describe("an error on the way", () => {
  test("of a lost connection is explained", async () => {
    const lost = Object.assign(new Error("connect ENOENT"), { syscall: "connect", code: "ENOENT" });
    expect(await explainConnection(lost)).toContain("does not answer");
  });

  test("of anything else isn't", async () => {
    expect(await explainConnection(new Error("no such container"))).toBeUndefined();
  });

  test("while the Engine answers isn't: the cause is another", async () => {
    await answering({ json: { Version: "28.2.2" } });
    const lost = Object.assign(new Error("connect ECONNREFUSED"), { syscall: "connect", code: "ECONNREFUSED" });
    expect(await explainConnection(lost)).toBeUndefined();
  });
});

test.each([
  ["sh", true],
  ["no-such-program", false],
  ["sh; true", false],
])("a program called %j is on PATH: %s", async (name, there) => {
  expect(await hasProgram(name)).toBe(there);
});
