import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
  changedBetween,
  containersOf,
  failedJobs,
  removeContainers,
  removeStrangers,
  removeUnknown,
  removeVolumes,
  startTimes,
  waitHealthy,
} from "../../engine/pulumi-containers.ts";
import type { Plan } from "../../plan/plan.ts";
import { type Answer, type EngineApi, engineApi } from "../harness/engine-api.ts";
import { coreOf } from "../harness/plans.ts";

let api: EngineApi;
let plan: Plan;
let listed: { Id: string; Names: string[]; State: string; Status: string }[];
/** Answers to what changes something, by method and path; done well unless said otherwise. */
let answers: { [asked: string]: Answer };

beforeEach(async () => {
  plan = await coreOf("dev");
  [listed, answers] = [[], {}];
  api = await engineApi(({ method, path }) => {
    if (path === "/containers/json") return { json: listed };
    if (path === "/networks") return { json: [{ Id: "n1", Name: "odoo-platform-dev-data" }] };
    if (path === "/volumes") return { json: { Volumes: [{ Name: "v1" }] } };
    const [, id = ""] = /^\/containers\/(.*)\/json$/.exec(path) ?? [];
    if (id !== "") return { json: { State: { StartedAt: `start of ${id}` } } };
    return answers[`${method} ${path}`] ?? { status: 204 };
  });
});
afterEach(() => api.close());

const add = (service: string, Status: string, State = "running") =>
  listed.push({ Id: service, Names: [`/odoo-platform-dev-${service}`], State, Status });
const changes = () => api.asked.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);

test("containers of a stack are those with its label", async () => {
  add("odoo", "Up 2 minutes (healthy)");
  expect(await containersOf(api.docker, plan)).toEqual([
    { id: "odoo", name: "odoo-platform-dev-odoo", state: "running", status: "Up 2 minutes (healthy)" },
  ]);
  expect(api.asked[0]?.query["filters"]).toBe('{"label":["odoo-platform.stack=odoo-platform-dev"]}');
});

describe("what was changed", () => {
  test("is told by the start of services; what carries secrets is none", async () => {
    add("odoo", "Up");
    add("odoo-secrets", "Created", "created");
    expect([...(await startTimes(api.docker, plan))]).toEqual([["odoo-platform-dev-odoo", "odoo start of odoo"]]);
  });

  test("is what was made, started anew or removed", () => {
    const before = new Map([
      ["kept", "1"],
      ["again", "1"],
      ["gone", "1"],
    ]);
    const after = new Map([
      ["kept", "1"],
      ["again", "2"],
      ["made", "1"],
    ]);
    expect(changedBetween(before, after).sort()).toEqual(["again", "gone", "made"]);
  });
});

test("jobs that failed are those that ended badly; services and running jobs are none", async () => {
  add("postgres-init", "Exited (1) 3 seconds ago", "exited");
  add("odoo-init", "Exited (0) 3 seconds ago", "exited");
  add("odoo", "Exited (137) 3 seconds ago", "exited");
  const found = await containersOf(api.docker, plan);
  expect(failedJobs(plan, found).map(({ id }) => id)).toEqual(["postgres-init"]);
  expect(
    failedJobs(plan, [{ id: "1", name: "odoo-platform-dev-odoo-init", state: "running", status: "Up 1 second" }]),
  ).toEqual([]);
});

describe("removing", () => {
  test("stops what runs before it removes it, with its anonymous volumes", async () => {
    add("odoo", "Up");
    add("edge", "Exited (0)", "exited");
    await removeContainers(api.docker, await containersOf(api.docker, plan));
    expect(changes()).toEqual(["POST /containers/odoo/stop", "DELETE /containers/odoo", "DELETE /containers/edge"]);
    expect(api.asked.at(-1)?.query).toMatchObject({ v: "true", force: "true" });
  });

  test.each([304, 404, 409])("takes the answer %i for done: somebody else was faster", async (status) => {
    add("edge", "Exited (0)", "exited");
    answers["DELETE /containers/edge"] = { status, json: { message: "no" } };
    await expect(removeContainers(api.docker, await containersOf(api.docker, plan))).resolves.toBeUndefined();
  });

  test("stops at any other error", async () => {
    add("edge", "Exited (0)", "exited");
    answers["DELETE /containers/edge"] = { status: 500, json: { message: "driver failed" } };
    await expect(removeContainers(api.docker, await containersOf(api.docker, plan))).rejects.toThrow("driver failed");
  });

  test("of strangers leaves what the plan knows, and says what goes", async () => {
    add("odoo", "Up");
    add("redis", "Exited (0)", "exited");
    const said: string[] = [];
    await removeStrangers(api.docker, plan, (line) => said.push(line));
    expect(said).toEqual(["removing odoo-platform-dev-redis, which is not in the plan"]);
    expect(changes()).toEqual(["DELETE /containers/redis"]);
  });

  test("of what an update that was cut off left spares what the state knows, and says what goes", async () => {
    add("odoo", "Up (healthy)");
    add("edge", "Created", "created");
    const said: string[] = [];
    await removeUnknown(api.docker, plan, new Set(["odoo"]), (line) => said.push(line));
    expect(changes()).toEqual(["DELETE /containers/edge", "DELETE /networks/n1"]);
    expect(said).toEqual([
      "removing odoo-platform-dev-edge, which an update that was cut off left behind",
      "removing odoo-platform-dev-data, which an update that was cut off left behind",
    ]);
  });

  test("of networks spares those that the state knows", async () => {
    await removeUnknown(api.docker, plan, new Set(["n1"]), () => undefined);
    expect(changes()).toEqual([]);
  });

  test("of volumes takes those with the stack's label", async () => {
    await removeVolumes(api.docker, plan);
    expect(changes()).toEqual(["DELETE /volumes/v1"]);
    expect(api.asked[0]?.query["filters"]).toBe('{"label":["odoo-platform.stack=odoo-platform-dev"]}');
  });
});

test("waiting ends when every service that has a health check is healthy; jobs have none", async () => {
  add("postgres", "Up (healthy)");
  add("odoo", "Up (health: starting)");
  add("edge", "Up (healthy)");
  let ended = false;
  const waiting = waitHealthy(api.docker, plan).then(() => (ended = true));
  while (api.asked.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(ended).toBe(false);
  listed = listed.map((container) => ({ ...container, Status: "Up (healthy)" }));
  await waiting;
  expect(ended).toBe(true);
});
