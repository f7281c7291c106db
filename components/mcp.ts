import * as pulumi from "@pulumi/pulumi";

import { dataVolume } from "./data-volume.ts";
import { Network } from "./network.ts";
import type { Odoo } from "./odoo.ts";
import type { Postgres } from "./postgres.ts";
import { refusal } from "./refusal.ts";
import { Service, type ServiceSettings } from "./service.ts";

/** Tools that only read. No other may be on a stack's list. */
export const READING_TOOLS = [
  "search_records",
  "read_record",
  "aggregate_records",
  "list_models",
  "get_model_fields",
  "receivable_payable_aging",
  "accounting_health_summary",
  "execute_sql",
  "search_objects",
] as const;

/** The company's sign-on, as far as assistants need it. */
export interface McpIssuer {
  /** `iss` of its tokens. */
  readonly url: string;
  /** Its metadata, as containers reach it. */
  readonly metadataUrl: string;
  /** `aud` of tokens for assistants. */
  readonly audience: string;
}

export interface McpArgs {
  readonly prefix: string;
  readonly image: pulumi.Input<string>;
  readonly odooImage: pulumi.Input<string>;
  readonly postgres: Postgres;
  readonly odoo: Odoo;
  readonly edge: Network;
  readonly data: Network;
  /** Host name with the port, where it is not 443: what clients send as Host. */
  readonly host: string;
  /** @default - tokens that the gateway's own container signs, and no others */
  readonly issuer?: McpIssuer | undefined;
  readonly groups: readonly string[];
  readonly tools: readonly string[];
  readonly rowLimit: number;
  readonly byteLimit: number;
  readonly timeoutSeconds: number;
}

/** Every decision about the servers for assistants, in plain data. */
export interface McpSettings {
  readonly host: string;
  readonly url: string;
  /** Audience that tokens of the gateway's own must have. */
  readonly resource: string;
  readonly issuer?: McpIssuer;
  readonly groups: readonly string[];
  readonly tools: readonly string[];
  readonly rowLimit: number;
  readonly byteLimit: number;
  readonly timeoutSeconds: number;
  /** Nothing is ever written. */
  readonly readOnly: true;
}

const USER = "1002:1002";
const KEY_PATH = "/run/mcp-key";
const TMPFS = {
  "/tmp": "rw,noexec,nosuid,nodev,size=16m,mode=1777",
  "/run/mcp": "rw,noexec,nosuid,nodev,size=1m,mode=0700,uid=1002,gid=1002",
};

/**
 * What assistants (AI clients) read the company's data with: a gateway that checks tokens, bounds and records each call,
 * and behind it one server for records of Odoo and one for SQL on the views of `bi`, each with rights to read alone.
 */
export class Mcp extends pulumi.ComponentResource {
  readonly settings: McpSettings;
  /** The gateway. */
  readonly service: Service;
  /** Keeps the key of the user that Odoo is read as. */
  readonly key: Service;
  readonly odoo: Service;
  readonly sql: Service;

  constructor(name: string, args: McpArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:mcp:Mcp", name, {}, opts);
    const settings = settleMcp(args);
    this.settings = settings;
    const { prefix, image, postgres } = args;
    const { database } = postgres.settings;
    // The servers behind are reached by the gateway alone, which alone asks for tokens.
    const inner = new Network(name, { prefix, internal: true }, { parent: this });
    const key = dataVolume(`${name}-key`, { prefix, parent: this, keep: false });

    this.key = new Service(
      `${name}-key`,
      {
        prefix,
        image: args.odooImage,
        settings: {
          ...args.odoo.init.settings,
          service: "mcp-key",
          command: ["keep-key"],
          // Odoo is loaded to make a key, once in a while.
          memoryMiB: 768,
          cpus: 0.5,
          job: false,
          healthcheck: { command: ["platform-odoo", "key-lasts"], intervalSeconds: 10, timeoutSeconds: 9 },
        },
        networks: [{ network: args.data }],
        mounts: [{ volume: key, path: KEY_PATH }, postgres.caMount],
        secrets: [postgres.password("odoo_app"), args.odoo.masterPassword],
        after: [args.odoo.init],
      },
      { parent: this },
    );

    this.odoo = new Service(
      `${name}-odoo`,
      {
        prefix,
        image,
        settings: {
          service: "mcp-odoo",
          command: ["odoo"],
          env: {
            ODOO_URL: "http://odoo:8069",
            ODOO_DB: database,
            ODOO_USERNAME: "svc-assistants",
            ODOO_TRANSPORT: "json2",
            ODOO_JSON2_DATABASE_HEADER: "1",
            ODOO_TIMEOUT: String(settings.timeoutSeconds),
            MCP_ALLOWED_HOSTS: "mcp-odoo:8000",
            ODOO_MCP_TOOLS_INCLUDE: settings.tools.join(","),
          },
          ...small("mcp-odoo:8000", 192),
        },
        networks: [{ network: inner }, { network: args.data }],
        mounts: [{ volume: key, path: KEY_PATH, readOnly: true }],
        after: [this.key],
      },
      { parent: this },
    );

    const databaseEnv = {
      MCP_DB_HOST: "postgres",
      MCP_DB_NAME: database,
      PGSSLROOTCERT: "/run/postgres-ca/ca.crt",
      MCP_ROW_LIMIT: String(settings.rowLimit),
      MCP_TIMEOUT_SECONDS: String(settings.timeoutSeconds),
    };
    this.sql = new Service(
      `${name}-sql`,
      {
        prefix,
        image,
        settings: {
          service: "mcp-sql",
          command: ["sql"],
          env: databaseEnv,
          ...small("mcp-sql:8001", 256),
        },
        networks: [{ network: inner }, { network: args.data }],
        mounts: [postgres.caMount],
        secrets: [postgres.password("odoo_mcp")],
        after: [args.odoo.init],
      },
      { parent: this },
    );

    this.service = new Service(
      name,
      {
        prefix,
        image,
        settings: {
          service: "mcp",
          command: ["gateway"],
          env: {
            ...databaseEnv,
            MCP_HOST: settings.host,
            MCP_GROUPS: settings.groups.join(","),
            MCP_TOOLS: settings.tools.join(","),
            MCP_ODOO_URL: "http://mcp-odoo:8000/mcp",
            MCP_SQL_URL: "http://mcp-sql:8001/mcp",
            MCP_BYTE_LIMIT: String(settings.byteLimit),
            ...(settings.issuer === undefined
              ? {}
              : {
                  MCP_ISSUER: settings.issuer.url,
                  MCP_ISSUER_METADATA_URL: settings.issuer.metadataUrl,
                  MCP_AUDIENCE: settings.issuer.audience,
                }),
          },
          // Twice what it needs: `platform-mcp token` is a second Node in the same container.
          ...small("127.0.0.1:8081", 384),
        },
        networks: [{ network: args.edge }, { network: inner }, { network: args.data }],
        mounts: [postgres.caMount],
        secrets: [postgres.password("mcp_audit")],
        after: [this.odoo, this.sql],
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

/** What all three have in common; whatever answers at all on its port is up. */
function small(
  address: string,
  memoryMiB: number,
): Pick<ServiceSettings, "user" | "memoryMiB" | "cpus" | "tmpfs" | "healthcheck"> {
  return {
    user: USER,
    memoryMiB,
    cpus: 1,
    tmpfs: TMPFS,
    healthcheck: {
      command: ["curl", "-sS", "-o", "/dev/null", "--max-time", "4", `http://${address}/`],
      intervalSeconds: 5,
    },
  };
}

/** Decides everything about the servers for assistants. */
export function settleMcp(
  args: Pick<McpArgs, "host" | "issuer" | "groups" | "tools" | "rowLimit" | "byteLimit" | "timeoutSeconds">,
): McpSettings {
  const strange = args.tools.filter((tool) => !READING_TOOLS.some((name) => name === tool));
  if (strange.length > 0)
    throw refusal(
      `mcp.tools: ${strange.join(", ")} may not be offered; allowed are the tools that only read: ${READING_TOOLS.join(", ")}`,
    );
  return {
    host: args.host,
    url: `https://${args.host}/mcp`,
    resource: `https://${args.host}/mcp`,
    ...(args.issuer === undefined ? {} : { issuer: args.issuer }),
    groups: [...args.groups],
    tools: [...new Set(args.tools)].sort(),
    rowLimit: args.rowLimit,
    byteLimit: args.byteLimit,
    timeoutSeconds: args.timeoutSeconds,
    readOnly: true,
  };
}
