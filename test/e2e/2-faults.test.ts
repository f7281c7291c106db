import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { withLock } from "../../engine/lock.ts";
import { containersOf, docker, containerOf, reset, sql } from "./harness/docker.ts";
import { call, json2, mintKey } from "./harness/odoo.ts";
import { platform, ROOT, succeed } from "./harness/platform.ts";
import { removeStack, siteOf, writeStack } from "./harness/stack.ts";

/** A second stack, beside dev on one machine: other names, other ports. */
const STACK = "second";
const at = siteOf(STACK);
const SERVICES = ["edge", "odoo", "odoo-init", "postgres", "postgres-init"];

beforeAll(async () => {
  await reset(STACK);
  writeStack(STACK, {
    odoo: { modules: ["base", "web"] },
  });
  await succeed(["up", "--engine", "compose", "--no-verify"]);
});

afterAll(async () => {
  await removeStack(STACK);
});

const up = (extra: readonly string[] = []) =>
  platform(["up", "--stack", STACK, "--engine", "compose", "--no-verify", ...extra]);

describe("up that was killed", () => {
  it.each([
    ["while containers are made", /Container odoo-platform-second-postgres\s+Created/],
    ["while the database is made", /Container odoo-platform-second-odoo-init\s+Start(ing|ed)/],
    ["while Odoo starts", /Container odoo-platform-second-odoo\s+Start(ing|ed)/],
  ])("%s: what was made stays usable", async (_when, killWhen) => {
    const killed = await platform(["up", "--stack", STACK, "--engine", "compose", "--no-verify"], { killWhen });
    expect(killed.signal, killed.stdout + killed.stderr).toBe("SIGKILL");
  });

  it("converges with the next up: every planned container and no other, and Odoo answers", async () => {
    const next = await up();
    expect(next.exitCode, next.stdout + next.stderr).toBe(0);
    expect(await containersOf(STACK)).toEqual(SERVICES.map((service) => containerOf(service, STACK)));
    const reply = await call("/web/login", at);
    expect(reply.status).toBe(200);
  });
});

describe("two stacks on one machine", () => {
  it("both answer, and neither knows the other's password", async () => {
    expect((await call("/web/login")).status).toBe(200);
    const [first, second] = ["dev", STACK].map((stack) =>
      readFileSync(join(ROOT, ".platform", stack, "secrets/odoo-db-password"), "utf8"),
    );
    expect(first).not.toBe(second);
  });

  it("refuses an up on a stack that another process is changing", async () => {
    const refused = await withLock(ROOT, STACK, () => up());
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(`Process ${process.pid} is at work on stack second; wait for it, or end it`);
    expect((await up()).exitCode).toBe(0);
  });
});

describe("PostgreSQL killed while Odoo writes", () => {
  it("comes back by itself and keeps every acknowledged record", async () => {
    const key = await mintKey(STACK);
    const acknowledged: number[] = [];
    let writing = true;
    const writer = (async () => {
      for (let i = 0; writing; i++) {
        try {
          acknowledged.push(
            ...((await json2(
              key,
              "res.partner",
              "create",
              { vals_list: [{ name: `Acknowledged ${i}` }] },
              at,
            )) as number[]),
          );
        } catch {
          await sleep(100);
        }
      }
    })();
    await sleep(3000);
    // The process itself, as the kernel would when memory runs out: `docker kill` would count as an operator's wish.
    const { State } = await docker.getContainer(containerOf("postgres", STACK)).inspect();
    process.kill(State.Pid, "SIGKILL");
    const before = acknowledged.length;
    for (let tries = 0; acknowledged.length < before + 10 && tries < 600; tries++) await sleep(100);
    writing = false;
    await writer;
    expect(before).toBeGreaterThan(0);
    expect(acknowledged.length).toBeGreaterThanOrEqual(before + 10);
    const kept = await sql(`select count(*) from res_partner where id in (${acknowledged.join(",")})`, {
      stack: STACK,
    });
    expect(Number(kept)).toBe(acknowledged.length);
    expect((await docker.getContainer(containerOf("postgres", STACK)).inspect()).RestartCount).toBeGreaterThan(0);
  });
});

describe("bad input", () => {
  it("names every fault of a configuration at once and touches nothing", async () => {
    writeStack("broken", {
      domain: "not a name",
      edge: { httpsPort: 70000, sslPort: 1 },
      odoo: { workers: 99, modules: ["web"] },
    });
    const refused = await platform(["up", "--stack", "broken"]);
    await removeStack("broken");
    expect(refused.exitCode).toBe(1);
    for (const fault of [
      "domain",
      "edge.httpsPort",
      "edge.sslPort: is not a setting",
      "odoo.modules: must contain base",
    ]) {
      expect(refused.stderr).toContain(fault);
    }
    expect(await containersOf("broken")).toEqual([]);
  });

  it("names a port that somebody else holds", async () => {
    const holder = await listen(0);
    const { port } = holder.address() as AddressInfo;
    writeStack("ports", { domain: "ports.localhost", edge: { httpsPort: port, httpPort: 10680 } });
    const refused = await platform(["up", "--stack", "ports", "--engine", "compose"]);
    holder.close();
    await removeStack("ports");
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout + refused.stderr).toContain(`In use by another program: 127.0.0.1:${port}`);
  });

  it("fails within ten seconds on a wrong database password, and doesn't print it", async () => {
    const file = join(ROOT, ".platform", STACK, "secrets/odoo-db-password");
    const right = readFileSync(file, "utf8");
    const wrong = "WrongPasswordThatMustNotBePrinted";
    chmodSync(file, 0o644);
    writeFileSync(file, wrong);
    const started = performance.now();
    const { State } = await runJob("odoo-init");
    const seconds = (performance.now() - started) / 1000;
    const logs = await platform(["logs", "odoo-init", "--stack", STACK]);
    writeFileSync(file, right);
    expect(State.ExitCode).toBe(1);
    expect(seconds).toBeLessThan(10);
    expect(logs.stdout).toMatch(/password/i);
    expect(logs.stdout).not.toContain(wrong);
    expect(logs.stdout).not.toContain(right);
  });

  it("says in one sentence that the Docker Engine does not answer", async () => {
    const refused = await platform(["up", "--stack", STACK], { env: { DOCKER_HOST: "tcp://127.0.0.1:1" } });
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout + refused.stderr).toContain(
      "The Docker Engine at DOCKER_HOST=tcp://127.0.0.1:1 does not answer",
    );
  });
});

async function runJob(service: string) {
  const container = docker.getContainer(containerOf(service, STACK));
  await container.start();
  await container.wait();
  return container.inspect();
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}
