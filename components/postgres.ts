import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { CONNECTION_LIMITS, RESERVED_CONNECTIONS } from "./connections.ts";
import { dataVolume } from "./data-volume.ts";
import type { Network } from "./network.ts";
import { type ServerSettings, sizeServer } from "./postgres-sizing.ts";
import type { SecretFile } from "./secret-files.ts";
import { Secret } from "./secret.ts";
import { type Mount, Service } from "./service.ts";

export interface PostgresArgs {
  readonly prefix: string;
  readonly image: pulumi.Input<string>;
  /** The network of the database's clients. */
  readonly data: Network;
  readonly memoryMiB: number;
  readonly cpus: number;
  readonly maxConnections: number;
  /** Odoo's database. */
  readonly database: string;
  /** May Odoo's role create databases? */
  readonly createDatabases: boolean;
  /** The most connections that Odoo's role may hold. */
  readonly odooConnections: number;
  /** Refuse to delete the data. */
  readonly protectData: boolean;
  /** Where every change is archived. @default - nowhere: only what is in the data volume can be recovered */
  readonly archive?: Archive | undefined;
}

/** How WAL is archived into every region of a vault. */
export interface Archive {
  /** The network of the vault. */
  readonly network: Network;
  readonly stanza: string;
  /** As docker/postgres/lib/archive reads them. */
  readonly repositories: readonly string[];
  readonly secrets: readonly SecretFile[];
  readonly mounts: readonly Mount[];
  /** Who takes the log. Stopped after PostgreSQL, which archives the last of it when it stops. */
  readonly receivers: readonly Service[];
}

/** Seconds after which a segment is archived that isn't full: what a lost host can cost, but for the push itself. */
const ARCHIVE_TIMEOUT_SECONDS = 15;

/** Every decision about the database server, in plain data. */
export interface PostgresSettings {
  readonly server: ServerSettings;
  readonly database: string;
  readonly maxConnections: number;
  readonly createDatabases: boolean;
  /** Most connections of each role. */
  readonly connectionLimits: { readonly [role in Role]: number };
  readonly protectData: boolean;
  /** Roles that can log in, with the secret of each. The superuser is not among them: it has no password. */
  readonly roles: { readonly [role: string]: string };
  readonly tls: "verify-full";
  readonly authentication: "scram-sha-256";
  readonly checksums: true;
  /** Whether the network of the clients has no way out. */
  readonly internalNetwork: boolean;
}

const USER = "999:999";

/** Roles that can log in and the file of each one's password. */
export const ROLE_SECRETS = {
  odoo_app: "odoo-db-password",
  odoo_reporting: "odoo-reporting-password",
  odoo_mcp: "odoo-mcp-password",
  mcp_audit: "mcp-audit-password",
  exporter: "exporter-password",
  backup: "backup-password",
  superset: "superset-password",
  keycloak: "keycloak-db-password",
  shell: "shell-db-password",
} as const;

export type Role = keyof typeof ROLE_SECRETS;

/** PostgreSQL 17: checksums on, TLS and scram-sha-256 only, a superuser that only a shared socket reaches. */
export class Postgres extends pulumi.ComponentResource {
  readonly settings: PostgresSettings;
  readonly service: Service;
  /** The job that makes roles, databases and rights; clients start after it. */
  readonly init: Service;
  /** The certificate of the server's own CA, for clients that verify the server. */
  readonly caMount: Mount;
  /** The cluster's files, to be read, and its socket, for who takes backups. */
  readonly backupMounts: readonly Mount[];
  private readonly secrets: { readonly [role in Role]: Secret };

  constructor(name: string, args: PostgresArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:database:Postgres", name, {}, opts);
    const { prefix, image } = args;
    const settings = settlePostgres(args);

    const volume = (role: string, keep: boolean): docker.Volume =>
      dataVolume(`${name}-${role}`, { prefix, parent: this, keep });
    const dataFiles = volume("data", args.protectData);
    const socket = volume("run", false);
    const ca = volume("ca", false);
    const secret = (role: Role) => new Secret(ROLE_SECRETS[role], { parent: this });
    this.secrets = {
      odoo_app: secret("odoo_app"),
      odoo_reporting: secret("odoo_reporting"),
      odoo_mcp: secret("odoo_mcp"),
      mcp_audit: secret("mcp_audit"),
      exporter: secret("exporter"),
      backup: secret("backup"),
      superset: secret("superset"),
      keycloak: secret("keycloak"),
      shell: secret("shell"),
    };

    const service = new Service(
      name,
      {
        prefix,
        image,
        settings: {
          service: "postgres",
          user: USER,
          command: ["serve", ...Object.entries(settings.server).flatMap(([key, value]) => ["-c", `${key}=${value}`])],
          env: {
            ODOO_DB_NAME: settings.database,
            ...(args.archive === undefined
              ? {}
              : { ARCHIVE_STANZA: args.archive.stanza, ARCHIVE_REPOSITORIES: args.archive.repositories.join(" ") }),
          },
          memoryMiB: args.memoryMiB,
          cpus: args.cpus,
          tmpfs: { "/tmp": "rw,noexec,nosuid,nodev,size=64m,mode=1777" },
          sharedMemoryMiB: 256,
          healthcheck: {
            command: ["pg_isready", "--quiet", "--host=/run/postgresql", "--username=postgres", "--dbname=postgres"],
            intervalSeconds: 2,
          },
          // SIGINT is PostgreSQL's fast shutdown: sessions end, data is flushed. SIGTERM would wait for clients.
          stopSignal: "SIGINT",
          stopTimeoutSeconds: 60,
        },
        networks: [args.data, ...(args.archive === undefined ? [] : [args.archive.network])].map((network) => ({
          network,
        })),
        mounts: [
          { volume: dataFiles, path: "/var/lib/postgresql" },
          { volume: socket, path: "/run/postgresql" },
          { volume: ca, path: "/run/postgres-ca" },
          ...(args.archive?.mounts ?? []),
        ],
        secrets: args.archive?.secrets ?? [],
        while: args.archive?.receivers ?? [],
      },
      { parent: this },
    );

    const init = new Service(
      `${name}-init`,
      {
        prefix,
        image,
        settings: {
          service: "postgres-init",
          user: USER,
          command: ["init"],
          env: {
            ODOO_DB_NAME: settings.database,
            ODOO_CREATEDB: String(settings.createDatabases),
            CONNECTION_LIMITS: Object.entries(settings.connectionLimits)
              .map(([role, limit]) => `${role}=${limit}`)
              .join(" "),
          },
          memoryMiB: 128,
          cpus: 1,
          tmpfs: { "/tmp": "rw,noexec,nosuid,nodev,size=16m,mode=1777" },
          job: true,
        },
        // The socket is all it needs.
        networks: [],
        mounts: [{ volume: socket, path: "/run/postgresql" }],
        secrets: Object.values(this.secrets),
        after: [service],
      },
      { parent: this },
    );

    this.settings = settings;
    this.service = service;
    this.init = init;
    this.caMount = { volume: ca, path: "/run/postgres-ca", readOnly: true };
    this.backupMounts = [
      { volume: dataFiles, path: "/var/lib/postgresql", readOnly: true },
      { volume: socket, path: "/run/postgresql" },
    ];
    this.registerOutputs({});
  }

  /** The password of a role. */
  password(role: Role): Secret {
    return this.secrets[role];
  }
}

/** Decides everything about the server. */
export function settlePostgres(args: Omit<PostgresArgs, "image">): PostgresSettings {
  return {
    server: {
      ...sizeServer(args),
      // However busy the others are, a superuser who has to look gets in.
      superuser_reserved_connections: String(RESERVED_CONNECTIONS),
      log_min_duration_statement: "1s",
      log_lock_waits: "on",
      idle_in_transaction_session_timeout: "1h",
      ...archiving(args.archive),
    },
    database: args.database,
    maxConnections: args.maxConnections,
    createDatabases: args.createDatabases,
    connectionLimits: { odoo_app: args.odooConnections, ...CONNECTION_LIMITS },
    protectData: args.protectData,
    roles: ROLE_SECRETS,
    tls: "verify-full",
    authentication: "scram-sha-256",
    checksums: true,
    internalNetwork: args.data.settings.internal,
  };
}

function archiving(archive: Archive | undefined): ServerSettings {
  if (archive === undefined) return {};
  return {
    archive_mode: "on",
    archive_command: "/usr/local/lib/platform-postgres/pgbackrest-archive-push %p",
    archive_timeout: `${ARCHIVE_TIMEOUT_SECONDS}s`,
  };
}
