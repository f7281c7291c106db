import type { Upstream } from "./settings.ts";

/** Revision of the protocol that both servers behind speak without a session. */
const PROTOCOL = "2026-07-28";

/** A tool as its server describes it. */
export interface Tool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema: { readonly type: "object"; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

/** Result of a call, as servers behind give it. */
export interface CallResult {
  readonly content?: readonly { readonly type: string; readonly text?: string }[];
  readonly structuredContent?: unknown;
  readonly isError?: boolean;
}

export interface Ask {
  readonly signal: AbortSignal;
  /** Most bytes that are read of the answer. */
  readonly byteLimit: number;
}

/** An answer that is longer than allowed; nothing of it is passed on. */
export class TooLong extends Error {}

/** Lists a server's tools. */
export async function listTools(upstream: Upstream, ask: Ask): Promise<Tool[]> {
  const { tools } = (await request(upstream, "tools/list", {}, ask)) as { tools: Tool[] };
  return tools;
}

/** Calls a tool. */
export async function callTool(
  upstream: Upstream,
  name: string,
  args: Record<string, unknown>,
  ask: Ask,
): Promise<CallResult> {
  return (await request(upstream, "tools/call", { name, arguments: args }, ask)) as CallResult;
}

async function request(
  { name: server, url }: Upstream,
  method: string,
  params: { readonly name?: string; readonly [key: string]: unknown },
  { signal, byteLimit }: Ask,
): Promise<unknown> {
  const reply = await fetch(url, {
    method: "POST",
    signal,
    redirect: "error",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": PROTOCOL,
      "mcp-method": method,
      ...(params.name === undefined ? {} : { "mcp-name": params.name }),
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method,
      params: {
        ...params,
        _meta: {
          "io.modelcontextprotocol/protocolVersion": PROTOCOL,
          "io.modelcontextprotocol/clientInfo": { name: "odoo-platform-gateway", version: "1" },
          "io.modelcontextprotocol/clientCapabilities": {},
        },
      },
    }),
  });
  const text = await readBounded(reply, byteLimit);
  const message = parseReply(text, reply.headers.get("content-type") ?? "");
  if (message?.error !== undefined) throw new Error(`${server}: ${message.error.message}`);
  if (message?.result === undefined) throw new Error(`${server} answered ${reply.status} without a result`);
  return message.result;
}

interface Message {
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** One JSON object, or the response among the events of a stream. */
export function parseReply(text: string, contentType: string): Message | undefined {
  try {
    if (!contentType.startsWith("text/event-stream")) return JSON.parse(text) as Message;
    return text
      .split(/\r?\n\r?\n/)
      .map((event) =>
        event
          .split(/\r?\n/)
          .flatMap((line) => (line.startsWith("data:") ? [line.slice(5).trimStart()] : []))
          .join("\n"),
      )
      .filter((data) => data !== "")
      .map((data) => JSON.parse(data) as Message)
      .find(({ result, error }) => result !== undefined || error !== undefined);
  } catch {
    return undefined;
  }
}

/** Reads no further than the limit, whatever the server behind would send. */
export async function readBounded(reply: Response, byteLimit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = reply.body?.getReader();
  if (reader === undefined) return "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks).toString("utf8");
    size += value.length;
    if (size > byteLimit) {
      await reader.cancel();
      throw new TooLong(`the answer is longer than ${byteLimit} bytes; ask for fewer rows or columns`);
    }
    chunks.push(value);
  }
}
