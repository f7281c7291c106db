import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

import { toNodeHandler } from "@modelcontextprotocol/node";

import { catalogue } from "./catalogue.ts";
import { gateway } from "./handler.ts";
import { databaseRecord } from "./record.ts";
import { readSettings } from "./settings.ts";
import { makeLocalKey, signLocalToken, tokenChecker } from "./tokens.ts";

const PORT = 8080;

/** `serve`, or `token --subject S --audience A --groups a,b --seconds N [--issuer I]`, which prints a local token. */
export async function main([verb = "serve", ...options]: readonly string[]): Promise<void> {
  if (verb === "token") {
    const option = (name: string, otherwise: string): string => {
      const at = options.indexOf(`--${name}`);
      return at === -1 ? otherwise : (options[at + 1] ?? otherwise);
    };
    const issuer = option("issuer", "");
    const token = await signLocalToken({
      subject: option("subject", "platform-probe"),
      audience: option("audience", `https://${process.env["MCP_HOST"] ?? ""}/mcp`),
      groups: option("groups", "analyst").split(","),
      seconds: Number(option("seconds", "600")),
      ...(issuer === "" ? {} : { issuer }),
    });
    process.stdout.write(`${token}\n`);
    return;
  }
  const settings = readSettings(process.env);
  await makeLocalKey();
  const handle = toNodeHandler({
    fetch: gateway({
      settings,
      checkToken: tokenChecker(settings),
      record: databaseRecord(settings.database),
      offered: catalogue(settings),
    }),
  });
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) => {
    // Node always has a method on a request that came in; its types say it may not.
    void handle(request as Parameters<typeof handle>[0], response);
  });
  // Only the container itself asks this one.
  const health = createServer((_request, response) => response.end("ok\n"));
  server.listen(PORT, "0.0.0.0");
  health.listen(PORT + 1, "127.0.0.1");
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => {
      health.close();
      server.close(() => process.exit(0));
      server.closeIdleConnections();
    });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main(process.argv.slice(2));
