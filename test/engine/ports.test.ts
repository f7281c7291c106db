import { createServer, type Server } from "node:net";

import Docker from "dockerode";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Fault } from "../../engine/fault.ts";
import { findBusyPorts } from "../../engine/ports.ts";
import type { Plan } from "../../plan/plan.ts";
import { type EngineApi, engineApi } from "../harness/engine-api.ts";
import { inputsOf, planOf } from "../harness/plans.ts";

let api: EngineApi;
let running: { Names: string[]; Ports: { PublicPort?: number }[] }[];
const servers: Server[] = [];

beforeEach(async () => {
  running = [];
  api = await engineApi(({ path }) => (path === "/containers/json" ? { json: running } : undefined));
});
afterEach(async () => {
  await api.close();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** Takes a port on loopback for real. */
async function occupy(): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen({ port: 0, host: "127.0.0.1" }, resolve));
  return (server.address() as { port: number }).port;
}

/** A port that nobody holds. */
async function free(): Promise<number> {
  const port = await occupy();
  await new Promise((resolve) => servers.pop()?.close(resolve));
  return port;
}

function planWith(edge: { httpsPort: number; httpPort: number; bindAddress?: string }): Promise<Plan> {
  return planOf("dev", { config: { ...inputsOf("dev").config, "odoo-platform:edge": JSON.stringify(edge) } });
}

test("free ports are no fault", async () => {
  const plan = await planWith({ httpsPort: await free(), httpPort: await free() });
  await expect(findBusyPorts(api.docker, plan)).resolves.toBeUndefined();
});

test("every port that somebody holds is named, with what to do", async () => {
  const [httpsPort, httpPort] = [await occupy(), await occupy()];
  const plan = await planWith({ httpsPort, httpPort });
  await expect(findBusyPorts(api.docker, plan)).rejects.toThrow(
    new Fault(
      `In use by another program: 127.0.0.1:${httpsPort}, 127.0.0.1:${httpPort}. Stop it (\`ss -ltnp\` shows it), or set other ports under edge in Pulumi.dev.yaml.`,
    ),
  );
});

test("only the one that is held is named", async () => {
  const [httpsPort, httpPort] = [await free(), await occupy()];
  const plan = await planWith({ httpsPort, httpPort });
  await expect(findBusyPorts(api.docker, plan)).rejects.toThrow(
    `In use by another program: 127.0.0.1:${httpPort}. Stop`,
  );
});

test("a port that is held on loopback is held on all addresses too", async () => {
  const plan = await planWith({ httpsPort: await occupy(), httpPort: await free(), bindAddress: "0.0.0.0" });
  await expect(findBusyPorts(api.docker, plan)).rejects.toThrow("In use by another program: 0.0.0.0:");
});

test("ports that the stack's own container holds are its own", async () => {
  running = [{ Names: ["/odoo-platform-dev-edge"], Ports: [] }];
  const plan = await planWith({ httpsPort: await occupy(), httpPort: await occupy() });
  await expect(findBusyPorts(api.docker, plan)).resolves.toBeUndefined();
});

test("a container that what was killed is starting just now is no other program", async () => {
  const plan = await planWith({ httpsPort: await occupy(), httpPort: await free() });
  const looking = findBusyPorts(api.docker, plan);
  while (api.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  running = [{ Names: ["/odoo-platform-dev-edge"], Ports: [] }];
  await expect(looking).resolves.toBeUndefined();
});

test("another stack's container is another program, and named", async () => {
  const httpsPort = await occupy();
  running = [{ Names: ["/odoo-platform-staging-edge"], Ports: [{}, { PublicPort: httpsPort }] }];
  const plan = await planWith({ httpsPort, httpPort: await free() });
  await expect(findBusyPorts(api.docker, plan)).rejects.toThrow(
    `In use by another program: 127.0.0.1:${httpsPort} (container odoo-platform-staging-edge). Stop`,
  );
});

test("an address that this machine hasn't is a fault of the configuration", async () => {
  const plan = await planWith({ httpsPort: await free(), httpPort: await free(), bindAddress: "192.0.2.1" });
  await expect(findBusyPorts(api.docker, plan)).rejects.toThrow(
    new Fault("192.0.2.1 is no address of this machine; set edge.bindAddress."),
  );
});

test("an Engine that was chosen and does not answer is no reason to call its ports another's", async () => {
  const plan = await planWith({ httpsPort: await occupy(), httpPort: await free() });
  const absent = new Docker({ socketPath: "/nowhere/docker.sock" });
  vi.stubEnv("DOCKER_HOST", "unix:///nowhere/docker.sock");
  await expect(findBusyPorts(absent, plan)).rejects.toThrow("ENOENT");
  vi.stubEnv("DOCKER_HOST", undefined);
  await expect(findBusyPorts(absent, plan)).rejects.toThrow("In use by another program");
  vi.unstubAllEnvs();
});
