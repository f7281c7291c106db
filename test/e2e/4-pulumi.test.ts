import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { containerOf, containersOf, docker, reset, sql } from "./harness/docker.ts";
import { call } from "./harness/odoo.ts";
import { platform, ROOT, run, succeed } from "./harness/platform.ts";
import { filesNamed, filesWith, LOGGED_OUT, missingPulumi, preview, pulumi, secretsInState } from "./harness/pulumi.ts";
import { removeStack, siteOf, writeStack } from "./harness/stack.ts";

/** A stack of its own, which Pulumi makes: a stack stays with the engine that made it. */
const STACK = "engine";
const at = siteOf(STACK);
const SERVICES = ["edge", "odoo", "odoo-init", "postgres", "postgres-init"];
const CARRIERS = ["odoo-init-secrets", "odoo-secrets", "postgres-init-secrets"];
const SETTINGS = join(ROOT, `Pulumi.${STACK}.yaml`);

const options = { env: LOGGED_OUT };
const UP = ["up", "--stack", STACK, "--engine", "pulumi", "--no-verify"];
const up = () => succeed(UP, options);

describe.skipIf(missingPulumi !== undefined)(
  `Pulumi${missingPulumi === undefined ? "" : ` (skipped: ${missingPulumi})`}`,
  () => {
    beforeAll(async () => {
      await reset(STACK);
      writeStack(STACK, {
        odoo: { modules: ["base", "web"] },
      });
      appendFileSync(SETTINGS, "# The CLI would lose this line.\n");
    });

    afterAll(async () => {
      await platform(["down", "--stack", STACK, "--volumes", "--yes"], options);
      await removeStack(STACK);
    });

    describe("up that was killed", () => {
      it.each([
        ["while containers are made", /making container postgres\n/],
        ["while the database is made", /making container odoo-init\n/],
        ["while Odoo starts", /making container odoo\n/],
      ])("%s: what was made stays usable", async (_when, killWhen) => {
        const killed = await platform(UP, { ...options, killWhen });
        expect(killed.signal, killed.stdout + killed.stderr).toBe("SIGKILL");
      });

      it("converges with the next up: every planned container and no other, and Odoo answers", async () => {
        const { stdout } = await up();
        expect(stdout).toContain("an earlier update was cut off");
        expect(await containersOf(STACK)).toEqual(
          [...SERVICES, ...CARRIERS].map((name) => containerOf(name, STACK)).sort(),
        );
        const reply = await call("/web/login", at);
        expect(reply.status).toBe(200);
      });
    });

    describe("what was brought up", () => {
      it("is left alone by the next up, and the project's files are as they were", async () => {
        const settings = readFileSync(SETTINGS, "utf8");
        const { stdout, seconds } = await up();
        expect(stdout).toMatch(/Changes\s+none/);
        expect(readFileSync(SETTINGS, "utf8")).toBe(settings);
        expect(settings).toContain("# The CLI would lose this line.");
        expect((await run("git", ["status", "--porcelain", "Pulumi.yaml"])).stdout).toBe("");
        console.info(`up with nothing to change took ${seconds.toFixed(1)} s`);
      });

      it.each([["as it is remembered"], ["as it runs", "--refresh"]])(
        "has no difference, %s",
        async (_what, ...args) => {
          const { same, ...changes } = await preview(STACK, ...args);
          expect(changes).toEqual({});
          expect(same).toBeGreaterThan(40);
        },
      );

      it("has the outputs that Pulumi prints, nested and with secrets masked", async () => {
        const { stdout } = await succeed(["outputs", "--stack", STACK, "--json"], options);
        const outputs = JSON.parse(stdout) as {
          adminPassword: string;
          containers: object;
          phase2: { tasks: unknown[] };
        };
        expect(outputs).toEqual(JSON.parse(await pulumi("stack", "output", "--json", "--stack", STACK)));
        expect(outputs.adminPassword).toBe("[secret]");
        expect(Object.keys(outputs.containers).sort()).toEqual(SERVICES);
        expect(outputs.phase2.tasks.length).toBeGreaterThan(10);
      });
    });

    it("keeps secrets out of state, containers, logs, command lines and environments", async () => {
      const secrets = Object.entries(await secretsInState(STACK));
      expect(secrets.map(([, value]) => value).filter((value) => !/^[A-Za-z0-9]{32}$/.test(value))).toEqual([]);
      expect(secrets.length).toBeGreaterThanOrEqual(8);
      const places: Record<string, string> = {
        processes: (await run("sh", ["-c", "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null; true"])).stdout,
      };
      for (const name of await containersOf(STACK)) {
        const container = docker.getContainer(name);
        places[`inspect ${name}`] = JSON.stringify(await container.inspect());
        if (name.endsWith("-secrets")) continue;
        places[`logs ${name}`] = (await container.logs({ stdout: true, stderr: true, follow: false })).toString("utf8");
      }
      const leaks = secrets.flatMap(([name, value]) => [
        ...filesWith(value).map((file) => `${name} in ${file}`),
        ...Object.entries(places).flatMap(([place, text]) => (text.includes(value) ? [`${name} in ${place}`] : [])),
      ]);
      expect(leaks).toEqual([]);
    });

    describe("up mends", () => {
      it("what was stopped and what was removed, and nothing else", async () => {
        await docker.getContainer(containerOf("postgres", STACK)).stop();
        await docker.getContainer(containerOf("edge", STACK)).remove({ force: true });
        const { stdout } = await up();
        // Odoo ends when it makes a worker while PostgreSQL is away; Docker starts it again, and that is told too.
        expect(stdout).toMatch(
          /Changes\s+odoo-platform-engine-edge, (odoo-platform-engine-odoo, )?odoo-platform-engine-postgres;/,
        );
      });

      it("a job that failed: it says so by name, and runs it again", async () => {
        await sql("alter role odoo_app password 'another'", { stack: STACK });
        await docker.getContainer(containerOf("odoo-init", STACK)).remove();
        const failed = await platform(UP, options);
        expect(failed.exitCode).toBe(1);
        expect(failed.stderr).toMatch(
          /^Job odoo-init ended with exit code 1\. Read `npm run platform -- logs odoo-init --stack engine`/m,
        );
        // The job that gives roles their passwords.
        await docker.getContainer(containerOf("postgres-init", STACK)).remove();
        const { stdout } = await up();
        expect(stdout).toContain("odoo-platform-engine-odoo-init failed before; it runs again");
      });
    });

    describe("down", () => {
      it("keeps data and passwords, and up takes them over", async () => {
        const password = (await secretsInState(STACK))["odoo-admin-password"];
        await sql("create table kept as select 42 as answer", { stack: STACK });
        await succeed(["down", "--stack", STACK], options);
        expect(await containersOf(STACK)).toEqual([]);
        await up();
        expect(await sql("select answer from kept", { stack: STACK })).toBe("42");
        expect((await secretsInState(STACK))["odoo-admin-password"]).toBe(password);
      });

      it("with --volumes leaves nothing", async () => {
        await succeed(["down", "--stack", STACK, "--volumes", "--yes"], options);
        const filters = { label: [`odoo-platform.stack=odoo-platform-${STACK}`] };
        expect(await containersOf(STACK)).toEqual([]);
        expect((await docker.listVolumes({ filters })).Volumes).toEqual([]);
        expect(await docker.listNetworks({ filters })).toEqual([]);
        expect(existsSync(join(ROOT, ".platform", STACK))).toBe(false);
        expect(filesNamed(STACK)).toEqual([]);
      });
    });
  },
);
