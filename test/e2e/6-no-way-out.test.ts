import { createServer, type Server } from "node:net";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Evidence } from "../../gates/evidence.ts";
import { containerOf, docker, reset } from "./harness/docker.ts";
import { call } from "./harness/odoo.ts";
import { platform, succeed } from "./harness/platform.ts";
import { removeStack, siteOf, writeStack } from "./harness/stack.ts";

/** A copy of production as it would be in staging. */
const STACK = "enclosed";
const at = siteOf(STACK);
const UP = ["up", "--stack", STACK, "--engine", "compose", "--no-verify"];

/** Something that listens outside the stack: on the host, at the address of Docker's own bridge. */
let outside: Server;
let address: string;
let port: number;
let connections = 0;

beforeAll(async () => {
  await reset(STACK);
  // As a version before left it, or somebody's hand: `up` must not take it as it is.
  await docker.createNetwork({
    Name: `odoo-platform-${STACK}-edge`,
    Labels: { "odoo-platform.stack": `odoo-platform-${STACK}` },
  });
  writeStack(STACK, {
    stage: "staging",
    odoo: { modules: ["base", "web"] },
  });
  await succeed(UP);
  const bridge = (await docker.getNetwork("bridge").inspect()) as { IPAM: { Config: { Gateway: string }[] } };
  address = bridge.IPAM.Config[0]?.Gateway ?? "172.17.0.1";
  outside = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => outside.listen(0, address, resolve));
  ({ port } = outside.address() as { port: number });
});

afterAll(async () => {
  outside.close();
  await removeStack(STACK);
});

/** Tries to connect from a container. */
async function connects(service: string): Promise<boolean> {
  const before = connections;
  const command = ["timeout", "3", "bash", "-c", `exec 3<>/dev/tcp/${address}/${port}`];
  const exec = await docker
    .getContainer(containerOf(service, STACK))
    .exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
  stream.resume();
  await new Promise((resolve) => stream.once("end", resolve));
  const { ExitCode: code } = await exec.inspect();
  expect(code === 0).toBe(connections > before);
  return code === 0;
}

async function verify(): Promise<Pick<Evidence, "holds" | "detail">> {
  const { stdout } = await platform(["verify", "--stack", STACK, "--task", "1.12", "--json"]);
  const { results } = JSON.parse(stdout) as { results: { holds: boolean; detail: string }[] };
  const [result] = results;
  return { holds: result?.holds ?? false, detail: result?.detail ?? "" };
}

describe("a stack without a way out", () => {
  it("answers at the edge", async () => {
    const reply = await call("/web/login", at);
    expect(reply.status).toBe(200);
  });

  it("reaches nothing on the host from Odoo and the database, where the edge does", async () => {
    expect({
      edge: await connects("edge"),
      odoo: await connects("odoo"),
      postgres: await connects("postgres"),
    }).toEqual({ edge: true, odoo: false, postgres: false });
  });

  it("is proved by the probe", async () => {
    expect(await verify()).toMatchObject({ holds: true });
  });

  it("is no such stack once Odoo is put on an open network by hand: the probe says so, and up ends it", async () => {
    await docker.getNetwork(`odoo-platform-${STACK}-public`).connect({ Container: containerOf("odoo", STACK) });
    expect(await connects("odoo")).toBe(true);
    expect(await verify()).toMatchObject({
      holds: false,
      detail: expect.stringMatching(/odoo reaches the host on/) as string,
    });
    // With probes: what drifts by hand is measured, and the service made anew.
    await platform(["up", "--stack", STACK, "--engine", "compose"]);
    expect(await connects("odoo")).toBe(false);
    expect(await verify()).toMatchObject({ holds: true });
  });
});
