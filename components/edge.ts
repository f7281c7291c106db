import * as pulumi from "@pulumi/pulumi";

import { answersAt } from "./container-options.ts";
import { dataVolume } from "./data-volume.ts";
import type { Network } from "./network.ts";
import type { Odoo } from "./odoo.ts";
import { Service } from "./service.ts";

export interface EdgeArgs {
  readonly prefix: string;
  readonly image: pulumi.Input<string>;
  /** The network of what it serves. */
  readonly edge: Network;
  /** The network that it publishes its ports on, and asks the public CA through. */
  readonly public: Network;
  readonly odoo: Odoo;
  /** The network of what watches it, where something does: it is known there by the same names, and tells its numbers. */
  readonly monitoring?: Network | undefined;
  readonly domain: string;
  /** What is served besides Odoo. */
  readonly sites: readonly SiteName[];
  readonly httpsPort: number;
  readonly httpPort: number;
  readonly bindAddress: string;
  readonly tls: "internal" | "acme";
  readonly acmeEmail?: string | undefined;
  /** Networks besides its own of what it serves. */
  readonly moreNetworks: readonly Network[];
  /** May the status page be read without sign-on? */
  readonly openStatus: boolean;
  /** Networks from which the web shell may be reached, as CIDR. */
  readonly shellFrom: readonly string[];
}

/** What the edge can serve besides Odoo: each has a folder in docker/edge/optional, and a line in the Caddyfile. */
export const SITES = ["status", "mail", "metrics", "mcp", "id", "shell"] as const;

export type SiteName = (typeof SITES)[number];

/** Host names of what the edge serves; a site that is not served is absent. */
export type EdgeHosts = { readonly odoo: string } & { readonly [site in SiteName]?: string };

/** Folder in the edge's container that the status page is served from. */
export const STATUS_PATH = "/srv/status";

/** Every decision about the way in, in plain data. */
export interface EdgeSettings {
  readonly hosts: EdgeHosts;
  readonly httpsPort: number;
  readonly httpPort: number;
  readonly bindAddress: string;
  readonly tls: "internal" | "acme";
  readonly acmeEmail?: string;
  /** Whether it tells Prometheus its numbers, on a port of its own that is not published. */
  readonly telemetry: boolean;
  readonly openStatus: boolean;
  readonly shellFrom: readonly string[];
}

/** Port on which the edge tells its numbers, and its authority's certificate, to the network `monitoring`. */
export const TELEMETRY_PORT = 9180;

/** Caddy: TLS for every name, and the only container that publishes ports. */
export class Edge extends pulumi.ComponentResource {
  readonly settings: EdgeSettings;
  readonly service: Service;

  constructor(name: string, args: EdgeArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:edge:Edge", name, {}, opts);
    const settings = settleEdge(args);
    this.settings = settings;
    // Holds the CA that browsers were told to trust, or the account and certificates of the public one.
    const data = dataVolume(`${name}-data`, { prefix: args.prefix, parent: this, keep: false });
    const status =
      settings.hosts.status === undefined
        ? []
        : [
            {
              volume: dataVolume(`${name}-status`, { prefix: args.prefix, parent: this, keep: false }),
              path: STATUS_PATH,
            },
          ];
    this.service = new Service(
      name,
      {
        prefix: args.prefix,
        image: args.image,
        settings: {
          service: "edge",
          user: "1000:1000",
          command: ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"],
          env: {
            EDGE_HTTPS_PORT: String(settings.httpsPort),
            EDGE_HTTP_PORT: String(settings.httpPort),
            EDGE_TLS: settings.tls === "acme" ? (settings.acmeEmail ?? "") : "internal",
            ODOO_HOST: settings.hosts.odoo,
            ...(settings.telemetry ? { EDGE_TELEMETRY: "telemetry" } : {}),
            ...siteVariables(settings.hosts),
            ...(settings.hosts.status === undefined
              ? {}
              : { STATUS_ACCESS: settings.openStatus ? "open" : "signed-on" }),
            ...(settings.shellFrom.length === 0 ? {} : { SHELL_FROM: settings.shellFrom.join(" ") }),
          },
          memoryMiB: 256,
          cpus: 2,
          addCapabilities: settings.httpsPort < 1024 || settings.httpPort < 1024 ? ["NET_BIND_SERVICE"] : [],
          tmpfs: {
            "/tmp": "rw,noexec,nosuid,nodev,size=16m,mode=1777",
            "/config": "rw,noexec,nosuid,nodev,size=16m,mode=0700,uid=1000,gid=1000",
          },
          // The admin interface answers on loopback inside only.
          healthcheck: {
            command: answersAt("http://127.0.0.1:2019/config/apps/http/servers"),
            intervalSeconds: 3,
          },
          ports: [settings.httpsPort, settings.httpPort].map((port) => ({ port, address: settings.bindAddress })),
        },
        networks: [
          ...[args.edge, ...(args.monitoring === undefined ? [] : [args.monitoring])].map((network) => ({
            network,
            aliases: Object.values(settings.hosts),
          })),
          { network: args.public },
          ...args.moreNetworks.map((network) => ({ network })),
        ],
        mounts: [{ volume: data, path: "/data" }, ...status],
        after: [args.odoo.service],
      },
      { parent: this },
    );
    this.registerOutputs({ url: urlOf(settings, settings.hosts.odoo) });
  }
}

/** Decides everything about the way in. */
export function settleEdge(
  args: Omit<EdgeArgs, "prefix" | "image" | "edge" | "public" | "odoo" | "moreNetworks">,
): EdgeSettings {
  return {
    hosts: hostsOf(args),
    httpsPort: args.httpsPort,
    httpPort: args.httpPort,
    bindAddress: args.bindAddress,
    tls: args.tls,
    telemetry: args.monitoring !== undefined,
    openStatus: args.openStatus,
    shellFrom: args.shellFrom,
    ...(args.acmeEmail === undefined ? {} : { acmeEmail: args.acmeEmail }),
  };
}

/** Host names of what the edge serves, below the stack's domain. */
export function hostsOf({ domain, sites }: Pick<EdgeArgs, "domain" | "sites">): EdgeHosts {
  return { odoo: `odoo.${domain}`, ...Object.fromEntries(sites.map((site) => [site, `${site}.${domain}`])) };
}

/** What docker/edge/Caddyfile reads of each optional site: that it is served, and under which name. */
function siteVariables(hosts: EdgeHosts): Record<string, string> {
  return Object.fromEntries(
    SITES.flatMap((site) => {
      const host = hosts[site];
      const name = site.toUpperCase();
      return host === undefined ? [] : [[`EDGE_SITE_${name}`, site] as const, [`${name}_HOST`, host] as const];
    }),
  );
}

/**
 * May the status page be served without sign-on? In development, on an address that only this machine reaches; in other
 * stages whoever finds the name would read what is wrong.
 */
export function mayServeStatus(stage: string, bindAddress: string): boolean {
  return stage === "development" && bindAddress.startsWith("127.");
}

/** The URL that users type for a host; the port is left out where browsers imply it. */
export function urlOf({ httpsPort }: Pick<EdgeSettings, "httpsPort">, host: string): string {
  return `https://${host}${httpsPort === 443 ? "" : `:${httpsPort}`}`;
}
