import { type AddressInfo, createServer } from "node:net";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { reportStatus } from "../../../engine/runbot/commit-status.ts";
import { buildOf } from "./builds.ts";

/** GitHub's API, as far as it is documented: what it is asked, and an answer that a test decides. */
let answer: { status: number; body: string };
let asked: { request: IncomingMessage; body: string }[];
let api: string;
const server = createHttpServer((request, response) => {
  let body = "";
  request.on("data", (chunk: Buffer) => (body += chunk.toString()));
  request.on("end", () => {
    asked.push({ request, body });
    response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
  });
});

beforeEach(async () => {
  answer = { status: 201, body: '{"state": "success"}' };
  asked = [];
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
});

const target = (changes: object = {}) => ({ api, repository: "company/odoo", token: "t0ken", ...changes });

describe("a commit's status", () => {
  test("is posted as GitHub's API has it", async () => {
    await reportStatus(buildOf(), target({ url: "https://status.example.com/builds/1/" }));
    const [{ request, body }] = asked as [(typeof asked)[0]];
    expect([request.method, request.url]).toEqual(["POST", `/repos/company/odoo/statuses/${buildOf().commit}`]);
    expect(request.headers).toMatchObject({
      accept: "application/vnd.github+json",
      authorization: "Bearer t0ken",
      "x-github-api-version": "2022-11-28",
    });
    expect(JSON.parse(body)).toEqual({
      ...{ state: "success", context: "runbot", description: "1 modules, 3 tests" },
      target_url: "https://status.example.com/builds/1/",
    });
  });

  test.each([
    ["running", "pending"],
    ["green", "success"],
    ["yellow", "failure"],
    ["red", "failure"],
  ] as const)("of a build that is %s is %s", async (status, state) => {
    await reportStatus(buildOf({ status }), target());
    expect(JSON.parse(asked[0]?.body ?? "")).toMatchObject({ state });
  });

  test("is cut to what GitHub takes", async () => {
    await reportStatus(buildOf({ detail: "x".repeat(500) }), target());
    const { description } = JSON.parse(asked[0]?.body ?? "") as { description: string };
    expect([description.length, description.at(-1)]).toEqual([140, "…"]);
  });

  test("that is refused is an error with the host's words, and without the token", async () => {
    answer = { status: 403, body: '{"message": "Resource not accessible"}' };
    const refused = reportStatus(buildOf(), target());
    await expect(refused).rejects.toThrow(/did not take the status of 1f2e3d4c \(403\): .*Resource not accessible/);
    await expect(refused).rejects.not.toThrow(/t0ken/);
  });

  test("is not sent on where the host points elsewhere: the token is for this one", async () => {
    const elsewhere = createServer();
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    const moved = createHttpServer((_request, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/` }).end(),
    );
    await new Promise<void>((resolve) => moved.listen(0, "127.0.0.1", resolve));
    let connections = 0;
    elsewhere.on("connection", () => connections++);
    const at = `http://127.0.0.1:${(moved.address() as AddressInfo).port}`;
    await expect(reportStatus(buildOf(), target({ api: at }))).rejects.toThrow("could not be reported");
    expect(connections).toBe(0);
    for (const one of [moved, elsewhere]) await new Promise((resolve) => one.close(resolve));
  });
});
