import { describe, expect, it } from "vitest";

import { assistants, findCorpusFaults } from "../../probes/mcp.ts";
import { mcpRequest } from "../../probes/mcp-client.ts";
import { CORPUS, type Hostile } from "../../probes/mcp-corpus.ts";
import { contextWith } from "./fixtures.ts";

const REFUSED = { status: 200, isError: true, text: "permission denied", bytes: 200 };
const HOSTILE: Hostile = { name: "users", tool: "execute_sql", arguments: {}, must: "refused" };

describe("the hostile corpus", () => {
  it("has thirty calls and more, each with a name of its own", () => {
    expect(CORPUS.length).toBeGreaterThanOrEqual(30);
    expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
  });

  it("holds where every call is refused", () => {
    expect(
      findCorpusFaults(
        CORPUS.map((hostile) => ({ hostile, answer: REFUSED })),
        1000,
      ),
    ).toEqual([]);
  });

  it.each([
    ["is answered", { isError: false }, ["users was answered"]],
    ["tells a secret beside its refusal", { text: '"password": "$pbkdf2-sha512$1"' }, ["users told a secret"]],
    ["is answered without bound", { bytes: 2001 }, ["users got 2001 bytes"]],
    ["breaks the gateway", { status: 502 }, ["users: the gateway answered 502"]],
  ])("doesn't when a call %s", (_what, changes, faults) => {
    expect(findCorpusFaults([{ hostile: HOSTILE, answer: { ...REFUSED, ...changes } }], 1000)).toEqual(faults);
  });

  it("lets a harmless call have its answer", () => {
    const answer = { ...REFUSED, isError: false };
    expect(findCorpusFaults([{ hostile: { ...HOSTILE, must: "harmless" }, answer }], 1000)).toEqual([]);
  });
});

describe("the probe", () => {
  it("says NO-GO where there are no servers for assistants", async () => {
    const context = await contextWith();
    const without = { ...context.settings };
    delete (without as { mcp?: unknown }).mcp;
    expect(await assistants.measure({ ...context, settings: without })).toMatchObject({
      holds: false,
      detail: "there are no servers for assistants; set mcp.enabled",
    });
  });

  it("is not satisfied by a stack that does not answer", async () => {
    await expect(assistants.measure(await contextWith())).rejects.toThrow("nothing runs here");
  });
});

describe("a request", () => {
  it("says in its headers what its body says", () => {
    const { headers, body } = mcpRequest("tools/call", { name: "execute_sql", arguments: {} });
    expect(headers).toMatchObject({ "mcp-method": "tools/call", "mcp-name": "execute_sql" });
    expect(JSON.parse(body ?? "")).toMatchObject({ method: "tools/call", params: { name: "execute_sql" } });
  });
});
