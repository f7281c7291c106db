import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { ownedBy } from "./container-options.ts";
import { dataVolume } from "./data-volume.ts";
import type { Identity, IdentitySettings } from "./identity.ts";
import type { Network } from "./network.ts";
import type { MailRoute, MailSettings } from "./mail.ts";
import { memoryLimits } from "./odoo-sizing.ts";
import type { Postgres } from "./postgres.ts";
import { Secret } from "./secret.ts";
import { Service } from "./service.ts";

export interface OdooArgs {
  readonly prefix: string;
  readonly image: pulumi.Input<string>;
  readonly postgres: Postgres;
  /** The network that the edge serves it on, and the database's. */
  readonly edge: Network;
  readonly data: Network;
  /** A network with a way out. @default - none: what Odoo sends goes nowhere */
  readonly egress?: Network | undefined;
  readonly workers: number;
  readonly cronWorkers: number;
  readonly memoryMiB: number;
  readonly cpus: number;
  readonly connectionsPerProcess: number;
  readonly database: string;
  /** Modules to install besides our own. */
  readonly modules: readonly string[];
  readonly demoData: boolean;
  /** What users are told on every page, but in production. */
  readonly stage: "development" | "staging" | "production";
  /** URL that users type. */
  readonly url: string;
  /** Why it serves other code than the sources have. @default - it serves theirs */
  readonly heldBecause?: string;
  /** Who says who people are. @default - nobody: they have passwords here */
  readonly signOn?: Identity | undefined;
  /** @default - it is told of no mail server */
  readonly mail?: MailRoute | undefined;
  readonly protectData: boolean;
}

/** Every decision about Odoo, in plain data. */
export interface OdooSettings {
  readonly workers: number;
  readonly cronWorkers: number;
  readonly connectionsPerProcess: number;
  readonly database: string;
  readonly modules: readonly string[];
  readonly demoData: boolean;
  readonly stage: OdooArgs["stage"];
  readonly url: string;
  /** Whether `/web/database/*` lists and manages databases: never. */
  readonly listDatabases: false;
  /**
   * The only database that Odoo serves. Named rather than filtered (`dbfilter`): both keep every other one out, but a
   * filter makes Odoo connect anew and list all databases for every request that has no session.
   */
  readonly exposedDatabase: string;
  /** Whether X-Forwarded-* is believed: yes, since the edge alone reaches it and overwrites them. */
  readonly proxyMode: true;
  /** Why it serves other code than the sources have; absent where it serves theirs. */
  readonly heldBecause?: string;
  /** Whether it reaches anything outside the stack. */
  readonly egress: boolean;
  readonly mail?: MailSettings;
  /** The issuer that people sign on at; absent where they have passwords alone. */
  readonly signOn?: Pick<IdentitySettings, "issuer" | "metadataUrl"> & { readonly client: string };
  readonly protectData: boolean;
}

/** First-party modules that every stack has: docker/odoo/addons/. */
const OWN_MODULES = ["ipai_platform"];
/** The one that lets people sign on. */
const SIGN_ON_MODULE = "ipai_sign_on";

/** The official image's user and group since Odoo 18, kept in both variants of our image. */
const USER = "100:101";

/** Odoo CE 19: web workers, cron workers and the websocket process, behind the edge. */
export class Odoo extends pulumi.ComponentResource {
  readonly settings: OdooSettings;
  readonly service: Service;
  /** The job that makes the schema and installs the stack's modules. */
  readonly init: Service;
  /** Password of the user `admin`, set once when the database is made. */
  readonly adminPassword: Secret;
  /** Odoo's files: attachments and sessions. */
  readonly filestore: docker.Volume;
  /** Password of the database manager, which nobody needs: without one it would be a known word. */
  readonly masterPassword: Secret;

  constructor(name: string, args: OdooArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:odoo:Odoo", name, {}, opts);
    const { prefix, image, postgres } = args;
    const settings = settleOdoo(args);
    this.settings = settings;

    const filestore = dataVolume(`${name}-filestore`, { prefix, parent: this, keep: args.protectData });
    this.filestore = filestore;
    this.adminPassword = new Secret("odoo-admin-password", { parent: this });
    this.masterPassword = new Secret("odoo-master-password", { parent: this });

    const common = {
      user: USER,
      env: environment(settings, args.memoryMiB),
      cpus: args.cpus,
      tmpfs: {
        "/tmp": "rw,noexec,nosuid,nodev,size=512m,mode=1777",
        // Holds the rendered configuration, which has passwords in it.
        // The base declares a volume here; left alone, every container would leave an anonymous one behind.
        "/mnt/extra-addons": "ro,noexec,nosuid,nodev,size=1m,mode=0755",
        "/run/odoo": `rw,noexec,nosuid,nodev,size=1m,mode=0700,${ownedBy(USER)}`,
      },
    };
    const mailPassword = args.mail?.password === undefined ? [] : [args.mail.password];
    const mounts = [{ volume: filestore, path: "/var/lib/odoo" }, postgres.caMount];

    this.init = new Service(
      `${name}-init`,
      {
        prefix,
        image,
        settings: { ...common, service: "odoo-init", command: ["init"], memoryMiB: 2048, job: true },
        networks: [{ network: args.data }],
        mounts,
        secrets: [postgres.password("odoo_app"), this.masterPassword, this.adminPassword],
        after: [postgres.init],
      },
      { parent: this },
    );

    this.service = new Service(
      name,
      {
        prefix,
        image,
        settings: {
          ...common,
          env: {
            ...common.env,
            ...(settings.mail === undefined ? {} : mailEnvironment(settings.mail)),
            ...(settings.signOn === undefined ? {} : signOnEnvironment(settings.signOn)),
          },
          service: "odoo",
          command: ["serve"],
          memoryMiB: args.memoryMiB,
          healthcheck: {
            // With db_server_status it fails when PostgreSQL is away; without, it would not notice.
            command: ["platform-health"],
            intervalSeconds: 3,
          },
          stopTimeoutSeconds: 60,
        },
        networks: [args.edge, args.data, args.egress, args.mail?.network].flatMap((network) =>
          network === undefined ? [] : [{ network }],
        ),
        mounts,
        secrets: [
          postgres.password("odoo_app"),
          this.masterPassword,
          ...mailPassword,
          ...(args.signOn === undefined ? [] : [args.signOn.clientSecret("odoo")]),
        ],
        after: [this.init],
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

/** Decides everything about Odoo. */
export function settleOdoo(args: Omit<OdooArgs, "image" | "postgres" | "edge" | "data" | "prefix">): OdooSettings {
  // Code of before may have no such module.
  const signOn = args.heldBecause === undefined || args.modules.includes(SIGN_ON_MODULE) ? args.signOn : undefined;
  return {
    workers: args.workers,
    cronWorkers: args.cronWorkers,
    connectionsPerProcess: args.connectionsPerProcess,
    database: args.database,
    modules: [...new Set([...args.modules, ...OWN_MODULES, ...(signOn === undefined ? [] : [SIGN_ON_MODULE])])].sort(),
    demoData: args.demoData,
    stage: args.stage,
    url: args.url,
    listDatabases: false,
    exposedDatabase: args.database,
    proxyMode: true,
    egress: args.egress !== undefined,
    ...(args.heldBecause === undefined ? {} : { heldBecause: args.heldBecause }),
    ...(args.mail === undefined ? {} : { mail: args.mail.settings }),
    ...(signOn === undefined ? {} : { signOn: clientOf(signOn.settings) }),
    protectData: args.protectData,
  };
}

function environment(settings: OdooSettings, memoryMiB: number): Record<string, string> {
  const { softBytes, hardBytes } = memoryLimits(memoryMiB);
  return {
    ODOO_DB_HOST: "postgres",
    ODOO_DB_PORT: "5432",
    ODOO_DB_USER: "odoo_app",
    ODOO_DB_NAME: settings.exposedDatabase,
    ODOO_DB_SSLMODE: "verify-full",
    PGSSLROOTCERT: "/run/postgres-ca/ca.crt",
    ODOO_DB_MAXCONN: String(settings.connectionsPerProcess),
    ODOO_WORKERS: String(settings.workers),
    ODOO_CRON_WORKERS: String(settings.cronWorkers),
    ODOO_LIST_DB: python(settings.listDatabases),
    ODOO_PROXY_MODE: python(settings.proxyMode),
    ODOO_LIMIT_MEMORY_SOFT: String(softBytes),
    ODOO_LIMIT_MEMORY_HARD: String(hardBytes),
    ODOO_MODULES: settings.modules.join(","),
    ODOO_DEMO: python(settings.demoData),
    ODOO_BASE_URL: settings.url,
    // Of the process and not in the database, so that a copy of one never takes itself for the original.
    PLATFORM_STAGE: settings.stage,
  };
}

function mailEnvironment({ host, port, tls, user, from }: MailSettings): Record<string, string> {
  return {
    ODOO_SMTP_HOST: host,
    ODOO_SMTP_PORT: String(port),
    ODOO_SMTP_STARTTLS: python(tls),
    ...(user === undefined ? {} : { ODOO_SMTP_USER: user }),
    ODOO_EMAIL_FROM: from,
    // Other senders would fail SPF and DMARC at whoever gets the mail: Odoo puts them into Reply-To.
    ODOO_FROM_FILTER: from.slice(from.indexOf("@") + 1),
  };
}

function clientOf({ issuer, metadataUrl, clientIds }: IdentitySettings): NonNullable<OdooSettings["signOn"]> {
  return { issuer, metadataUrl, client: clientIds.odoo };
}

/** As docker/odoo/addons/ipai_sign_on reads it. */
function signOnEnvironment({
  issuer,
  metadataUrl,
  client,
}: NonNullable<OdooSettings["signOn"]>): Record<string, string> {
  return { ODOO_SIGN_ON: JSON.stringify({ issuer, metadata: metadataUrl, client }) };
}

function python(value: boolean): string {
  return value ? "True" : "False";
}
