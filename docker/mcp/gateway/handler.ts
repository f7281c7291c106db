import { createMcpHandler, type McpHttpHandler, Server } from "@modelcontextprotocol/server";

import { type CallDependencies, makeCall } from "./call.ts";
import { SwitchedOff } from "./record.ts";
import type { Settings } from "./settings.ts";
import { type Caller, Refused, textOf } from "./tokens.ts";

export interface GatewayDependencies extends CallDependencies {
  readonly settings: Settings;
  readonly checkToken: (token: string) => Promise<Caller>;
}

/** Longest request: a question, not a document. */
const LONGEST_REQUEST = 65_536;

/** Where clients learn which issuer to ask for tokens (RFC 9728); both spellings that clients try. */
const METADATA = "/.well-known/oauth-protected-resource";

/** The gateway as a function from request to response. */
export function gateway(dependencies: GatewayDependencies): (request: Request) => Promise<Response> {
  const { settings, record, checkToken } = dependencies;
  const mcp = protocol(dependencies);
  const metadataUrl = `https://${settings.host}${METADATA}/mcp`;
  return async (request) => {
    const { pathname } = new URL(request.url);
    // Names resolved anew to this address bring their own Host; pages of elsewhere bring their Origin.
    if (request.headers.get("host") !== settings.host) return problem(403, "this host is not served here");
    const origin = request.headers.get("origin");
    if (origin !== null && origin !== `https://${settings.host}`)
      return problem(403, "requests from this origin are refused");
    if (request.method === "GET" && (pathname === METADATA || pathname === `${METADATA}/mcp`))
      return Response.json({
        resource: settings.resource,
        authorization_servers: settings.issuer === undefined ? [] : [settings.issuer.url],
        bearer_methods_supported: ["header"],
        scopes_supported: ["openid", "profile"],
        resource_name: "Odoo platform",
      });
    if (pathname !== "/mcp") return problem(404, "nothing is here; the endpoint is /mcp");
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    let caller: Caller;
    try {
      if (token === undefined) throw new Refused(401, "a bearer token is needed");
      caller = await checkToken(token);
    } catch (error) {
      const { status, message } = error instanceof Refused ? error : new Refused(401, "the token can't be checked now");
      const code = status === 403 ? "insufficient_scope" : token === undefined ? undefined : "invalid_token";
      const challenge = [
        `Bearer resource_metadata="${metadataUrl}"`,
        ...(code === undefined ? [] : [`error="${code}"`, `error_description="${message.replaceAll(/["\\]/g, "'")}"`]),
      ].join(", ");
      return problem(status, message, { "www-authenticate": challenge });
    }
    try {
      if (!(await record.open())) throw new SwitchedOff("assistants are switched off");
    } catch (error) {
      return problem(
        503,
        error instanceof SwitchedOff ? error.message : "calls can't be recorded now, so none is made",
      );
    }
    return mcp.fetch(request, {
      // The token itself goes no further: nothing behind is called with it.
      authInfo: {
        token: "",
        clientId: caller.client,
        scopes: [...caller.groups],
        expiresAt: caller.expires,
        extra: { who: caller.who },
      },
    });
  };
}

function protocol(dependencies: GatewayDependencies): McpHttpHandler {
  return createMcpHandler(
    ({ authInfo }) => {
      const caller = { who: textOf(authInfo?.extra?.["who"]), client: authInfo?.clientId ?? "unknown" };
      const server = new Server(
        { name: "odoo-platform", version: "1" },
        {
          capabilities: { tools: {} },
          instructions:
            "Reads the company's Odoo: records by the Odoo tools, figures by SQL on the views of schema bi (search_objects lists them with what their columns mean). Nothing can be changed.",
        },
      );
      server.setRequestHandler("tools/list", async (_request, { mcpReq: { signal } }) => ({
        tools: [...(await dependencies.offered(signal)).values()].map(({ tool }) => tool),
      }));
      server.setRequestHandler("tools/call", async ({ params }, { mcpReq: { signal } }) => {
        const { text, isError } = await makeCall(dependencies, caller, {
          name: params.name,
          args: params.arguments ?? {},
          signal,
        });
        return { content: [{ type: "text" as const, text }], isError };
      });
      return server;
    },
    { maxRequestBodySize: LONGEST_REQUEST, maxSubscriptions: 1 },
  );
}

/** An error that belongs to no request of the protocol. */
function problem(status: number, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ jsonrpc: "2.0", error: { code: -32000, message } }, { status, headers });
}
