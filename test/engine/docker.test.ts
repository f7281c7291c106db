import { createServer, type Server } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import type { Duplex } from "node:stream";
import { tmpdir } from "node:os";
import { join } from "node:path";

import Docker from "dockerode";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { containerName, execIn, plannedContainer, prefixOf, serviceOf, servicesOf } from "../../engine/docker.ts";
import { containerIn, coreOf, planOf } from "../harness/plans.ts";

describe("running a command in a container", () => {
  let folder: string;
  let server: Server;
  let docker: Docker;
  let created: { [key: string]: unknown };
  const sockets: Duplex[] = [];
  /** What the command does with the two ends of its stream. */
  let command: (socket: Duplex) => void;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "docker-"));
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        const known =
          request.url?.startsWith("/containers/shop-dev-web/") === true || request.url?.startsWith("/exec/") === true;
        response.writeHead(known ? 200 : 404, { "Content-Type": "application/json" });
        if (request.url?.startsWith("/containers/") === true) created = JSON.parse(body) as typeof created;
        response.end(JSON.stringify(known ? { Id: "exec1", ExitCode: 3 } : { message: "No such container" }));
      });
    });
    server.on("upgrade", (_request, socket) => {
      sockets.push(socket);
      socket.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
      command(socket);
    });
    const socketPath = join(folder, "docker.sock");
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    docker = new Docker({ socketPath });
  });
  afterEach(async () => {
    server.closeAllConnections();
    for (const socket of sockets.splice(0)) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  /** A piece of output as the Engine frames it: 1 is standard output, 2 standard error. */
  function frame(stream: 1 | 2, text: string): Buffer {
    const head = Buffer.alloc(8);
    head.writeUInt8(stream, 0);
    head.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([head, Buffer.from(text)]);
  }

  test("gives its outputs apart, and its exit code, which is no error", async () => {
    command = (socket) => socket.end(Buffer.concat([frame(1, "out "), frame(2, "err"), frame(1, "put €")]));
    expect(await execIn(docker, "shop-dev-web", ["check"])).toEqual({
      exitCode: 3,
      stdout: "out put €",
      stderr: "err",
    });
    expect(created).toMatchObject({ Cmd: ["check"], AttachStdin: false, Env: [] });
  });

  test("gives it its standard input", async () => {
    command = (socket) => {
      let input = "";
      socket.on("data", (chunk: Buffer) => (input += chunk.toString()));
      socket.on("end", () => socket.end(frame(1, `got ${input}`)));
    };
    expect((await execIn(docker, "shop-dev-web", ["cat"], { stdin: "SELECT 1" })).stdout).toBe("got SELECT 1");
  });

  test("that takes longer than allowed is an error", async () => {
    command = () => undefined;
    await expect(execIn(docker, "shop-dev-web", ["sleep"], { timeoutSeconds: 0.05 })).rejects.toThrow(
      "sleep in shop-dev-web took longer than 0.05 s",
    );
  });

  test("in a container that isn't there is an error", async () => {
    await expect(execIn(docker, "gone", ["check"])).rejects.toThrow("No such container");
  });
});

describe("containers of a plan", () => {
  test("that run are services and jobs; what carries secrets isn't", async () => {
    const names = servicesOf(await coreOf("dev")).map(({ name }) => name);
    expect(names.sort()).toEqual(["edge", "odoo", "odoo-init", "postgres", "postgres-init"]);
  });

  test("have a service, a physical name, and the stack's prefix", async () => {
    const plan = await planOf("staging");
    const container = plannedContainer(plan, "odoo-init");
    expect([serviceOf(container), containerName(container), prefixOf(plan)]).toEqual([
      "odoo-init",
      "odoo-platform-staging-odoo-init",
      "odoo-platform-staging",
    ]);
    expect(container).toBe(containerIn(plan, "odoo-init"));
  });

  test("of a service that there isn't", async () => {
    const plan = await coreOf("dev");
    expect(() => plannedContainer(plan, "redis")).toThrow("the plan of dev has no service redis");
  });
});
