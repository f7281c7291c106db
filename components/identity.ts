import * as pulumi from "@pulumi/pulumi";

import { answersAt } from "./container-options.ts";
import { CLIENTS, type Client, CONFIDENTIAL_CLIENTS, REALM, type Realm, settleRealm } from "./identity/realm.ts";
import type { Network } from "./network.ts";
import type { Postgres } from "./postgres.ts";
import { refusal } from "./refusal.ts";
import { Secret } from "./secret.ts";
import { Service } from "./service.ts";

export interface IdentityArgs {
  readonly prefix: string;
  /** Images of Keycloak, and of the job that applies the realm. */
  readonly images: { readonly identity: pulumi.Input<string> | undefined; readonly signOn: pulumi.Input<string> };
  readonly postgres: Postgres;
  /** The network that the edge serves it on, and the database's. */
  readonly edge: Network;
  readonly data: Network;
  /** `keycloak`: one of the stack's own; `external`: the company's. */
  readonly issuer: "keycloak" | "external";
  /** URL of the external issuer. */
  readonly url?: string | undefined;
  /** Ids of clients at the external issuer, where they differ from their names. */
  readonly clientIds: { readonly [client: string]: string };
  /** Who must show a second factor. An external issuer decides that itself. */
  readonly secondFactor: "admin" | "none";
  readonly memoryMiB: number;
  readonly cpus: number;
  readonly domain: string;
  /** URL of the stack's own issuer's host. */
  readonly idUrl: string;
  /** URLs of the applications that people sign on to. */
  readonly urls: { readonly [client in Exclude<Client, "mcp">]?: string };
  readonly mcp: boolean;
}

/** Every decision about who says who somebody is, in plain data. */
export interface IdentitySettings {
  readonly kind: "keycloak" | "external";
  /** As in the `iss` of tokens, and as browsers reach it. */
  readonly issuer: string;
  /** Where containers read what the issuer says of itself. */
  readonly metadataUrl: string;
  readonly clientIds: { readonly [client in Client]: string };
  /** Of a Keycloak of the stack's own. */
  readonly realm?: Realm;
}

const KEYCLOAK_URL = "http://keycloak:8080";

/** The one issuer of identities: the company's, or a Keycloak with its realm as code. */
export class Identity extends pulumi.ComponentResource {
  readonly settings: IdentitySettings;
  /** Keycloak, and the job that applies the realm. */
  readonly services: readonly Service[];
  private readonly secrets: ReadonlyMap<Client, Secret>;

  constructor(name: string, args: IdentityArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:identity:Identity", name, {}, opts);
    const settings = settleIdentity(args);
    this.settings = settings;
    this.secrets = new Map(
      // An external issuer has made its own.
      CONFIDENTIAL_CLIENTS.map((client) => [
        client,
        new Secret(`oidc-${client}-secret`, { parent: this }, { given: settings.kind === "external" }),
      ]),
    );
    this.services = settings.realm === undefined ? [] : this.keycloak(settings.realm, args);
    this.registerOutputs({ issuer: settings.issuer });
  }

  /** What a client proves itself to the issuer with. */
  clientSecret(client: Client): Secret {
    const secret = this.secrets.get(client);
    if (secret === undefined) throw refusal(`identity: client ${client} is public and has no secret`);
    return secret;
  }

  private keycloak(realm: Realm, args: IdentityArgs): readonly Service[] {
    const { prefix, images, postgres } = args;
    if (images.identity === undefined) throw refusal("identity: Keycloak has no image");
    const service = new Secret("identity-service-secret", { parent: this });
    const person = new Secret("identity-admin-password", { parent: this });
    const keycloak = new Service(
      "keycloak",
      {
        prefix,
        image: images.identity,
        settings: {
          service: "keycloak",
          user: "1005:1005",
          command: ["serve"],
          env: { IDENTITY_URL: args.idUrl, IDENTITY_DB: "postgres:5432/keycloak" },
          memoryMiB: args.memoryMiB,
          cpus: args.cpus,
          tmpfs: {
            "/tmp": "rw,noexec,nosuid,nodev,size=64m,mode=1777",
            "/opt/keycloak/data": "rw,noexec,nosuid,nodev,size=32m,mode=0700,uid=1005,gid=1005",
            // Holds the rendered configuration, which has passwords in it.
            "/run/keycloak": "rw,noexec,nosuid,nodev,size=1m,mode=0700,uid=1005,gid=1005",
          },
          healthcheck: {
            command: answersAt("http://127.0.0.1:9000/health/ready"),
            intervalSeconds: 3,
            // The first start makes the tables.
            startPeriodSeconds: 180,
          },
        },
        networks: [{ network: args.edge }, { network: args.data }],
        mounts: [postgres.caMount],
        secrets: [postgres.password("keycloak"), service],
        after: [postgres.init],
      },
      { parent: this },
    );
    const init = new Service(
      "identity-init",
      {
        prefix,
        image: images.signOn,
        settings: {
          service: "identity-init",
          user: "1006:1006",
          command: ["node", "--max-old-space-size=64", "src/apply-realm.mjs"],
          env: { KEYCLOAK: KEYCLOAK_URL, REALM: JSON.stringify(realm) },
          memoryMiB: 128,
          cpus: 1,
          tmpfs: { "/tmp": "rw,noexec,nosuid,nodev,size=8m,mode=1777" },
          job: true,
        },
        networks: [{ network: args.edge }],
        secrets: [service, person, ...this.secrets.values()],
        after: [keycloak],
      },
      { parent: this },
    );
    return [keycloak, init];
  }
}

/**
 * Decides who says who somebody is.
 *
 * @throws RunError where an external issuer has no URL.
 */
export function settleIdentity(
  args: Omit<IdentityArgs, "prefix" | "images" | "postgres" | "edge" | "data" | "memoryMiB" | "cpus">,
): IdentitySettings {
  const clientIds = Object.fromEntries(CLIENTS.map((client) => [client, args.clientIds[client] ?? client])) as {
    [client in Client]: string;
  };
  if (args.issuer === "external") {
    if (args.url === undefined) throw refusal("identity: url must name the external issuer");
    const metadataUrl = `${args.url.replace(/\/$/, "")}/.well-known/openid-configuration`;
    return { kind: "external", issuer: args.url, metadataUrl, clientIds };
  }
  return {
    kind: "keycloak",
    issuer: `${args.idUrl}/realms/${REALM}`,
    metadataUrl: `${KEYCLOAK_URL}/realms/${REALM}/.well-known/openid-configuration`,
    clientIds,
    realm: settleRealm(args),
  };
}
