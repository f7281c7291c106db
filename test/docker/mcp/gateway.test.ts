import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import { makeCall } from "../../../docker/mcp/gateway/call.ts";
import type { Offered } from "../../../docker/mcp/gateway/catalogue.ts";
import { gateway } from "../../../docker/mcp/gateway/handler.ts";
import { type Call, type CallRecord, type End, SwitchedOff } from "../../../docker/mcp/gateway/record.ts";
import type { Settings } from "../../../docker/mcp/gateway/settings.ts";
import { makeLocalKey, signLocalToken, tokenChecker } from "../../../docker/mcp/gateway/tokens.ts";
import type { CallResult, Tool } from "../../../docker/mcp/gateway/upstream.ts";
import { mcpRequest } from "../../../probes/mcp-client.ts";

const KEY = join(mkdtempSync(join(tmpdir(), "mcp-gateway-")), "key.json");
const HOST = "mcp.example.com";
const SETTINGS: Settings = {
  host: HOST,
  resource: `https://${HOST}/mcp`,
  groups: ["analyst"],
  tools: ["execute_sql"],
  upstreams: [{ name: "sql", url: "http://sql.invalid/mcp" }],
  rowLimit: 3,
  byteLimit: 1000,
  timeoutSeconds: 1,
  database: { host: "", database: "", user: "", password: "", ca: "" },
};
const TOOL: Tool = { name: "execute_sql", inputSchema: { type: "object" } };
const OFFERED = new Map<string, Offered>([["execute_sql", { tool: TOOL, upstream: { name: "sql", url: "" } }]]);
const ONE_ROW: CallResult = { content: [{ type: "text", text: '{"success":true,"rows":[1]}' }] };

/** A record in memory, and what was written to it. */
function memory(open: () => boolean = () => true): CallRecord & { calls: Call[]; ends: End[] } {
  const calls: Call[] = [];
  const ends: End[] = [];
  return {
    calls,
    ends,
    open: () => Promise.resolve(open()),
    begin: (call) => (open() ? Promise.resolve(String(calls.push(call))) : Promise.reject(new SwitchedOff("off"))),
    end: (_id, end) => Promise.resolve(void ends.push(end)),
  };
}

const server = (record: CallRecord = memory()) =>
  gateway({
    settings: SETTINGS,
    record,
    checkToken: tokenChecker(SETTINGS, { keyPath: KEY }),
    offered: () => Promise.resolve(OFFERED),
    call: () => Promise.resolve(ONE_ROW),
  });

const token = (changes: { audience?: string; groups?: string[]; issuer?: string; seconds?: number } = {}) =>
  signLocalToken(
    { subject: "somebody", audience: SETTINGS.resource, groups: ["analyst"], seconds: 60, ...changes },
    KEY,
  );

async function post(
  method: string,
  params = {},
  { headers = {}, handle = server() }: { headers?: Record<string, string>; handle?: ReturnType<typeof server> } = {},
): Promise<{
  status: number;
  body: { result?: unknown; error?: { code: number; message: string } };
  headers: Headers;
}> {
  const { headers: own = {}, body = "" } = mcpRequest(method, params);
  const all = { host: HOST, authorization: `Bearer ${await token()}`, ...own, ...headers };
  const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
  const reply = await handle(new Request(SETTINGS.resource, { method: "POST", headers: kept, body }));
  return { status: reply.status, body: (await reply.json()) as never, headers: reply.headers };
}

beforeAll(() => makeLocalKey(KEY));

describe("who comes in", () => {
  it.each([
    ["no token", 401, () => ({ authorization: "" })],
    ["a word that is no token", 401, () => ({ authorization: "Bearer nonsense" })],
    ["another audience", 401, async () => ({ authorization: `Bearer ${await token({ audience: "mcp" })}` })],
    ["another issuer", 401, async () => ({ authorization: `Bearer ${await token({ issuer: "https://evil" })}` })],
    ["a token that ended", 401, async () => ({ authorization: `Bearer ${await token({ seconds: -10 })}` })],
    ["another group", 403, async () => ({ authorization: `Bearer ${await token({ groups: ["tester"] })}` })],
    ["a page of elsewhere", 403, () => ({ origin: "https://evil.example" })],
    ["the origin null", 403, () => ({ origin: "null" })],
    ["another host", 403, () => ({ host: "evil.example" })],
  ])("refuses %s with %i", async (_who, status, headers) => {
    expect((await post("tools/list", {}, { headers: await headers() })).status).toBe(status);
  });

  it("tells those without a good token where to get one", async () => {
    const { headers } = await post("tools/list", {}, { headers: { authorization: "" } });
    expect(headers.get("www-authenticate")).toBe(
      `Bearer resource_metadata="https://${HOST}/.well-known/oauth-protected-resource/mcp"`,
    );
    const metadata = await server()(
      new Request(`https://${HOST}/.well-known/oauth-protected-resource/mcp`, { headers: { host: HOST } }),
    );
    expect(await metadata.json()).toMatchObject({ resource: SETTINGS.resource });
  });

  it("signs no token that lives longer than an hour", async () => {
    await expect(token({ seconds: 3601 })).rejects.toThrow("3600 s at most");
  });

  it("answers nobody while the switch is off, and nobody when that can't be known", async () => {
    expect((await post("tools/list", {}, { handle: server(memory(() => false)) })).status).toBe(503);
    const broken = { ...memory(), open: () => Promise.reject(new Error("no database")) };
    expect((await post("tools/list", {}, { handle: server(broken) })).body.error?.message).toContain("none is made");
  });
});

describe("the protocol, revision 2026-07-28", () => {
  it("is discovered without a handshake", async () => {
    expect((await post("server/discover")).body.result).toMatchObject({ supportedVersions: ["2026-07-28"] });
  });

  it.each([
    ["a header that names another method", { "mcp-method": "ping" }, 400, -32020],
    ["no header for the method", { "mcp-method": "" }, 400, -32020],
    ["a header that names another tool", { "mcp-name": "other" }, 400, -32020],
    ["an unknown revision", { "mcp-protocol-version": "1999-01-01" }, 400, undefined],
  ])("refuses %s", async (_what, headers, status, code) => {
    const answer = await post("tools/call", { name: "execute_sql", arguments: {} }, { headers });
    expect(answer.status).toBe(status);
    if (code !== undefined) expect(answer.body.error?.code).toBe(code);
    expect(answer.body.result).toBeUndefined();
  });

  it.each(["resources/list", "prompts/list", "sampling/createMessage", "no/such"])(
    "has no method %s",
    async (method) => {
      const { status, body } = await post(method);
      expect([status, body.error?.code]).toEqual([404, -32601]);
    },
  );

  it("lists what may be used, and says that it only reads", async () => {
    expect((await post("tools/list")).body.result).toMatchObject({ tools: [{ name: "execute_sql" }] });
  });

  it("refuses a question that is a document", async () => {
    expect((await post("tools/call", { name: "execute_sql", arguments: { sql: "x".repeat(70_000) } })).status).toBe(
      413,
    );
  });

  it("calls, and records who called what and how it ended", async () => {
    const record = memory();
    const { body } = await post(
      "tools/call",
      { name: "execute_sql", arguments: { sql: "SELECT 1" } },
      { handle: server(record) },
    );
    expect(body.result).toMatchObject({ isError: false });
    expect(record.calls).toEqual([
      { who: "somebody", client: "local", tool: "execute_sql", arguments: { sql: "SELECT 1" } },
    ]);
    expect(record.ends).toMatchObject([{ outcome: "ok", rows: 1 }]);
  });
});

describe("a call", () => {
  const call = (changes: Partial<Parameters<typeof makeCall>[0]>, name = "execute_sql") => {
    const record = memory();
    const dependencies = { settings: SETTINGS, record, offered: () => Promise.resolve(OFFERED), ...changes };
    return {
      record,
      answer: makeCall(
        dependencies,
        { who: "a", client: "b" },
        { name, args: {}, signal: new AbortController().signal },
      ),
    };
  };

  it("is not made when it can't be recorded", async () => {
    let made = false;
    const record = { ...memory(), begin: () => Promise.reject(new Error("no database")) };
    const { answer } = call({ record, call: () => ((made = true), Promise.resolve(ONE_ROW)) });
    await expect(answer).rejects.toThrow("no database");
    expect(made).toBe(false);
  });

  it("of a tool that is not offered is refused and recorded", async () => {
    const { answer, record } = call({}, "execute_method");
    expect(await answer).toEqual({ text: "there is no tool execute_method", isError: true });
    expect(record.ends).toMatchObject([{ outcome: "refused" }]);
  });

  it("ends at its time", async () => {
    const { answer } = call({
      call: (_upstream, _name, _args, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
    });
    expect(await answer).toEqual({ text: "no answer within 1 s; ask for less", isError: true });
  });

  it("ends when the switch is turned off", async () => {
    let open = true;
    const record = memory(() => open);
    const { answer } = call({
      record,
      settings: { ...SETTINGS, timeoutSeconds: 60 },
      call: (_upstream, _name, _args, { signal }) => {
        open = false;
        return new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason as Error)),
        );
      },
    });
    expect(await answer).toEqual({ text: "assistants are switched off", isError: true });
  });
});
