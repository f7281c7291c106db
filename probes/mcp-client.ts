import { type AskArgs, type Answer } from "./https.ts";
import type { ProbeContext } from "./probe.ts";

/** Revision of the protocol that is spoken. */
export const PROTOCOL = "2026-07-28";

/** Asks a site; see `ask` of https.ts. */
export type AskSite = (path: string, args?: AskArgs) => Promise<Answer>;

/** A request of the protocol, as its revision of 2026-07-28 wants it: its headers repeat what its body says. */
export function mcpRequest(
  method: string,
  params: { readonly name?: string; readonly [key: string]: unknown } = {},
  headers: Readonly<Record<string, string>> = {},
): AskArgs {
  return {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": PROTOCOL,
      "mcp-method": method,
      ...(params.name === undefined ? {} : { "mcp-name": params.name }),
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method,
      params: {
        ...params,
        _meta: {
          "io.modelcontextprotocol/protocolVersion": PROTOCOL,
          "io.modelcontextprotocol/clientInfo": { name: "platform-probe", version: "1" },
          "io.modelcontextprotocol/clientCapabilities": {},
        },
      },
    }),
  };
}

/** What a call was answered with. */
export interface ToolAnswer {
  readonly status: number;
  readonly isError: boolean;
  readonly text: string;
  readonly bytes: number;
}

/** Calls a tool with a token. Whatever is no result of the tool is an error. */
export async function callTool(
  ask: AskSite,
  token: string,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<ToolAnswer> {
  const { status, body } = await ask(
    "/mcp",
    mcpRequest("tools/call", { name, arguments: args }, { authorization: `Bearer ${token}` }),
  );
  const { result, error } = parse(body) as {
    result?: { isError?: boolean; content?: { text?: string }[] };
    error?: { message?: string };
  };
  return {
    status,
    isError: result === undefined || result.isError === true,
    text:
      result === undefined ? (error?.message ?? "") : (result.content ?? []).map(({ text = "" }) => text).join("\n"),
    bytes: Buffer.byteLength(body),
  };
}

/** Names of the tools that a token's owner is shown. */
export async function listTools(ask: AskSite, token: string): Promise<string[]> {
  const { body } = await ask("/mcp", mcpRequest("tools/list", {}, { authorization: `Bearer ${token}` }));
  const { result } = parse(body) as { result?: { tools?: { name: string }[] } };
  return (result?.tools ?? []).map(({ name }) => name).sort();
}

function parse(body: string): object {
  try {
    return JSON.parse(body) as object;
  } catch {
    return {};
  }
}

/** A token that the gateway's own container signs, for its gateway alone. */
export async function localToken(
  { exec }: Pick<ProbeContext, "exec">,
  options: Readonly<Record<string, string>> = {},
): Promise<string> {
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const { exitCode, stdout, stderr } = await exec("mcp", ["platform-mcp", "token", ...given]);
  if (exitCode !== 0) throw new Error(`the gateway signs no token: ${stderr.trim()}`);
  return stdout.trim();
}
