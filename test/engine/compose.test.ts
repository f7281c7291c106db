import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";

import { composeEngine } from "../../engine/compose.ts";
import type { ComposeCli } from "../../engine/compose-cli.ts";
import { DEFINITION_LABEL } from "../../engine/compose-render.ts";
import type { Engine } from "../../engine/engine.ts";
import { Fault } from "../../engine/fault.ts";
import type { Plan } from "../../plan/plan.ts";
import { type EngineApi, engineApi } from "../harness/engine-api.ts";
import { coreOf } from "../harness/plans.ts";

// Proves when Compose is run and with what; what it does is for the end-to-end tests.

interface Running {
  Names: string[];
  State?: string;
  Status: string;
  Labels: { [label: string]: string };
}

let root: string;
let api: EngineApi;
let running: Running[];
let ran: string[];
let jobEndsWith: number;
let result: { exitCode: number; output: string };
let engine: Engine;
let plan: Plan;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "compose-"));
  [running, ran, result, jobEndsWith] = [[], [], { exitCode: 0, output: "" }, 0];
  api = await engineApi(({ method, path }) => {
    if (path === "/containers/json") return { json: running };
    if (path.endsWith("/wait")) return { json: { StatusCode: jobEndsWith } };
    return method === "DELETE" ? { json: {} } : undefined;
  });
  const cli: ComposeCli = {
    description: "docker compose 2.40",
    run: (args) => {
      ran.push(args.join(" ").replace(root, "."));
      return Promise.resolve(result);
    },
  };
  engine = composeEngine(api.docker, cli, root, "dev");
  plan = await coreOf("dev");
});
afterEach(async () => {
  rmSync(root, { recursive: true });
  await api.close();
});

const silent = () => undefined;
const START = "--project-name odoo-platform-dev --file ./.platform/dev/compose.yaml";
const JOB = `${START} up --detach --no-build --no-deps`;
const UP = `${START} up --detach --no-build --remove-orphans --wait --wait-timeout 900`;

interface Definition {
  container_name: string;
  labels: { [label: string]: string };
  restart: string;
}
const definitions = () =>
  Object.values(
    (
      parse(readFileSync(join(root, ".platform/dev/compose.yaml"), "utf8")) as {
        services: { [name: string]: Definition };
      }
    ).services,
  );

/** Brings the stack up once, and lets the Engine say that all is as it should be. */
async function asPlanned(): Promise<void> {
  await engine.up(plan, silent);
  running = definitions().map(({ container_name, labels, restart }) => ({
    Names: [`/${container_name}`],
    State: restart === "no" ? "exited" : "running",
    Status: restart === "no" ? "Exited (0) 2 minutes ago" : "Up 2 minutes (healthy)",
    Labels: labels,
  }));
  ran = [];
}
const one = (name: string) => running.find(({ Names }) => Names[0] === `/odoo-platform-dev-${name}`) as Running;

describe("up", () => {
  test("of a stack that isn't there: makes secrets, writes the file, and waits until all is healthy", async () => {
    const { services } = await engine.up(plan, silent);
    expect(services).toEqual(
      ["edge", "odoo", "odoo-init", "postgres", "postgres-init"].map((name) => `odoo-platform-dev-${name}`),
    );
    expect(ran).toEqual([UP]);
    expect(existsSync(join(root, ".platform/dev/secrets/odoo-db-password"))).toBe(true);
  });

  test("of a stack that is as planned changes nothing, and runs nothing", async () => {
    await asPlanned();
    expect(await engine.up(plan, silent)).toEqual({ services: [] });
    expect(ran).toEqual([]);
  });

  const ALONE = `${UP} --no-deps`;
  test.each<[string, () => void, string[], string]>([
    ["has another definition", () => (one("odoo").Labels = { [DEFINITION_LABEL]: "other" }), ["odoo"], `${ALONE} odoo`],
    ["isn't there", () => (running = running.filter((container) => container !== one("edge"))), ["edge"], UP],
    ["doesn't run", () => (one("postgres").Status = "Exited (137) 1 minute ago"), ["postgres"], `${ALONE} postgres`],
    ["isn't healthy", () => (one("odoo").Status = "Up 2 minutes (unhealthy)"), ["odoo"], `${ALONE} odoo`],
    [
      "is a job that failed",
      () => (one("odoo-init").Status = "Exited (1) 1 minute ago"),
      ["odoo-init"],
      `${JOB} odoo-init`,
    ],
    [
      "is a job that was killed before it began",
      () => (one("odoo-init").Status = "Created"),
      ["odoo-init"],
      `${JOB} odoo-init`,
    ],
  ])(
    "brings a stack to its plan in which something %s, and leaves alone what depends on it",
    async (_what, change, services, command) => {
      await asPlanned();
      change();
      expect((await engine.up(plan, silent)).services).toEqual(services.map((name) => `odoo-platform-dev-${name}`));
      expect(ran).toEqual([command]);
    },
  );

  test("makes several anew one after another, each after what it depends on", async () => {
    await asPlanned();
    for (const name of ["odoo", "odoo-init", "postgres-init"]) one(name).Labels = { [DEFINITION_LABEL]: "other" };
    await engine.up(plan, silent);
    expect(ran).toEqual([`${JOB} postgres-init`, `${JOB} odoo-init`, `${ALONE} odoo`]);
  });

  test("removes what a killed run left behind, and says so", async () => {
    await asPlanned();
    running.push({ Names: ["/12ab_odoo-platform-dev-odoo"], Status: "Created", Labels: {} });
    const said: string[] = [];
    expect((await engine.up(plan, (line) => said.push(line))).services).toEqual(["12ab_odoo-platform-dev-odoo"]);
    expect(said).toEqual(["removing 12ab_odoo-platform-dev-odoo, which is not in the plan"]);
    const removed = api.asked.filter(({ method }) => method === "DELETE").map(({ path }) => path);
    expect(removed).toEqual(["/containers/12ab_odoo-platform-dev-odoo"]);
  });

  test("asks only after containers of its own stack", async () => {
    await engine.up(plan, silent);
    expect(JSON.parse(api.asked[0]?.query["filters"] ?? "")).toEqual({
      label: ["odoo-platform.stack=odoo-platform-dev"],
    });
  });

  test("says what Compose said went wrong", async () => {
    result = { exitCode: 1, output: "container odoo-platform-dev-postgres is unhealthy\n" };
    await expect(engine.up(plan, silent)).rejects.toThrow(
      new Fault("Docker Compose could not bring the stack up:\ncontainer odoo-platform-dev-postgres is unhealthy"),
    );
  });
});

describe("replace", () => {
  const AGAIN = `${JOB} --force-recreate`;
  const waited = () => api.asked.filter(({ path }) => path.endsWith("/wait")).map(({ path }) => path);

  test("makes services anew, and leaves what they depend on alone", async () => {
    await engine.replace(plan, ["edge"], silent);
    expect(ran).toEqual([`${UP} --force-recreate --no-deps edge`]);
    expect(waited()).toEqual([]);
  });

  test("runs jobs again after them, in their order, and waits for each to end: that is no failure", async () => {
    await engine.replace(plan, ["odoo-init", "odoo", "postgres-init"], silent);
    expect(ran).toEqual([`${UP} --force-recreate --no-deps odoo`, `${AGAIN} postgres-init`, `${AGAIN} odoo-init`]);
    expect(waited()).toEqual(["postgres-init", "odoo-init"].map((job) => `/containers/odoo-platform-dev-${job}/wait`));
  });

  test("of a job alone runs it alone", async () => {
    await engine.replace(plan, ["postgres-init"], silent);
    expect(ran).toEqual([`${AGAIN} postgres-init`]);
  });

  test("says which job failed, and runs none after it", async () => {
    jobEndsWith = 3;
    await expect(engine.replace(plan, ["postgres-init", "odoo-init"], silent)).rejects.toThrow(
      new Fault("Job postgres-init ended with exit code 3. Read `npm run platform -- logs postgres-init --stack dev`."),
    );
    expect(ran).toEqual([`${AGAIN} postgres-init`]);
  });
});

describe("down", () => {
  test.each([
    [false, `${START} down --remove-orphans`],
    [true, `${START} down --remove-orphans --volumes`],
  ])("removes data only where told: %s", async (volumes, command) => {
    await engine.down(plan, { volumes }, silent);
    expect(ran).toEqual([command]);
  });

  test("leaves no container of the stack", async () => {
    await asPlanned();
    await engine.down(plan, { volumes: false }, silent);
    expect(api.asked.filter(({ method }) => method === "DELETE")).toHaveLength(5);
  });
});

test("says where a secret lies, and what it is", async () => {
  await engine.up(plan, silent);
  expect(engine.whereIs("odoo-admin-password")).toBe(".platform/dev/secrets/odoo-admin-password");
  expect(await engine.secret("odoo-admin-password")).toMatch(/^[A-Za-z0-9]{32}$/);
});
