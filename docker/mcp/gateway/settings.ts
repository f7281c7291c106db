import { readFileSync } from "node:fs";

/** Everything that the gateway is told: settings from the environment, secrets from files. */
export interface Settings {
  /** The one Host header that is answered, with its port: `mcp.localhost:8443`. */
  readonly host: string;
  /** Identifier of this resource, which clients ask tokens for: `https://mcp.localhost:8443/mcp`. */
  readonly resource: string;
  /** The company's issuer, where there is one. */
  readonly issuer?: { readonly url: string; readonly metadataUrl: string; readonly audience: string };
  /** Groups whose people may come in. */
  readonly groups: readonly string[];
  /** Tools that are shown and may be called; all others don't exist. */
  readonly tools: readonly string[];
  readonly upstreams: readonly Upstream[];
  /** Most entries of any list in an answer. */
  readonly rowLimit: number;
  /** Most bytes of an answer. */
  readonly byteLimit: number;
  readonly timeoutSeconds: number;
  readonly database: Database;
}

/** A server whose tools are passed on. */
export interface Upstream {
  readonly name: "odoo" | "sql";
  readonly url: string;
}

/** Where calls are recorded. */
export interface Database {
  readonly host: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly ca: string;
}

/** @throws Error naming the variable that is missing or wrong. */
export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string = (path) => readFileSync(path, "utf8"),
): Settings {
  const text = (name: string): string => {
    const value = env[name];
    if (value === undefined || value === "") throw new Error(`${name} is missing`);
    return value;
  };
  const number = (name: string): number => {
    const value = Number(text(name));
    if (!Number.isInteger(value) || value < 1)
      throw new Error(`${name} must be a whole number above 0; got ${env[name]}`);
    return value;
  };
  const list = (name: string): string[] =>
    text(name)
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "");
  const host = text("MCP_HOST");
  return {
    host,
    resource: `https://${host}/mcp`,
    ...(env["MCP_ISSUER"] === undefined
      ? {}
      : {
          issuer: {
            url: text("MCP_ISSUER"),
            metadataUrl: text("MCP_ISSUER_METADATA_URL"),
            audience: text("MCP_AUDIENCE"),
          },
        }),
    groups: list("MCP_GROUPS"),
    tools: list("MCP_TOOLS"),
    upstreams: [
      { name: "odoo", url: text("MCP_ODOO_URL") },
      { name: "sql", url: text("MCP_SQL_URL") },
    ],
    rowLimit: number("MCP_ROW_LIMIT"),
    byteLimit: number("MCP_BYTE_LIMIT"),
    timeoutSeconds: number("MCP_TIMEOUT_SECONDS"),
    database: {
      host: text("MCP_DB_HOST"),
      database: text("MCP_DB_NAME"),
      user: "mcp_audit",
      password: readFile("/run/secrets/mcp-audit-password").trim(),
      ca: readFile(text("PGSSLROOTCERT")),
    },
  };
}
