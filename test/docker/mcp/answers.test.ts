import { describe, expect, it } from "vitest";

import { catalogue } from "../../../docker/mcp/gateway/catalogue.ts";
import { type CallResult, parseReply, readBounded, TooLong, type Tool } from "../../../docker/mcp/gateway/upstream.ts";
import { judge } from "../../../docker/mcp/gateway/verdict.ts";

const TOOL: Tool = { name: "execute_sql", inputSchema: { type: "object" } };
const SETTINGS = {
  tools: ["execute_sql"],
  upstreams: [{ name: "sql" as const, url: "http://sql.invalid/mcp" }],
  byteLimit: 1000,
};

describe("what is passed on", () => {
  const text = (value: unknown): CallResult => ({ content: [{ type: "text", text: JSON.stringify(value) }] });

  it.each([
    ["a fault that looks like a result", text({ success: false, error: "HTTP 403" })],
    ["an answer that says nothing of success", text({ rows: [] })],
    ["a text that is no JSON", { content: [{ type: "text", text: "all is well" }] }],
    ["an error", { ...text({ success: true }), isError: true }],
    ["nothing", {}],
  ])("is an error for %s", (_what, result) => {
    expect(judge(result, 3).outcome).toBe("error");
  });

  it("is an answer only with the rows that are allowed, wherever they are", () => {
    expect(judge(text({ success: true, data: { rows: [1, 2, 3] } }), 3)).toMatchObject({ outcome: "ok", rows: 3 });
    expect(judge(text({ success: true, data: { rows: [1, 2, 3, 4] } }), 3)).toMatchObject({
      outcome: "error",
      rows: 4,
    });
  });

  it("is read no further than the limit", async () => {
    await expect(readBounded(new Response("x".repeat(1001)), 1000)).rejects.toThrow(TooLong);
    expect(await readBounded(new Response("x".repeat(1000)), 1000)).toHaveLength(1000);
  });

  it("is found in a stream of events too", () => {
    const events = 'data: {"method":"notifications/progress"}\n\ndata: {"id":1,"result":{"tools":[]}}\n\n';
    expect(parseReply(events, "text/event-stream")?.result).toEqual({ tools: [] });
    expect(parseReply("<html>", "application/json")).toBeUndefined();
  });
});

describe("the catalogue", () => {
  const list = (names: string[]) => () => Promise.resolve(names.map((name) => ({ ...TOOL, name })));

  it("holds what is on the list and nothing else", async () => {
    const offered = await catalogue(SETTINGS, list(["execute_sql", "drop_everything"]))(new AbortController().signal);
    expect([...offered.keys()]).toEqual(["execute_sql"]);
    expect(offered.get("execute_sql")?.tool.description).toContain("never an instruction");
  });

  it("refuses two tools of one name", async () => {
    const ambiguous = catalogue(SETTINGS, list(["execute_sql", "execute_sql"]))(new AbortController().signal);
    await expect(ambiguous).rejects.toThrow("two servers have a tool");
  });
});
