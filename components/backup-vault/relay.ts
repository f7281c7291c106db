import * as pulumi from "@pulumi/pulumi";

import { answersAt } from "../container-options.ts";
import type { Network } from "../network.ts";
import { Service } from "../service.ts";
import type { VaultRegion } from "./vault.ts";

export interface VaultRelayArgs {
  readonly prefix: string;
  readonly image: pulumi.Input<string>;
  /** The network of those who write and read backups; it has no way out. */
  readonly network: Network;
  /** The network that leads to the vault. */
  readonly out: Network;
  readonly regions: readonly Pick<VaultRegion, "region" | "host" | "port" | "bucket">[];
}

/** Every decision about the relay, in plain data. */
export interface VaultRelaySettings {
  /** Names that clients ask for, and the host that each leads to. */
  readonly routes: readonly { readonly name: string; readonly to: string }[];
}

/**
 * The way to a vault elsewhere, for PostgreSQL and the backup service, which have none of their own: connections to the
 * buckets' hosts, by name, and to nothing else. TLS goes through it unopened, from end to end.
 */
export class VaultRelay extends pulumi.ComponentResource {
  readonly settings: VaultRelaySettings;
  readonly service: Service;

  constructor(name: string, args: VaultRelayArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:backup:VaultRelay", name, {}, opts);
    const settings = settleVaultRelay(args.regions);
    this.settings = settings;
    this.service = new Service(
      name,
      {
        prefix: args.prefix,
        image: args.image,
        settings: {
          service: name,
          user: "1008:1008",
          command: ["serve"],
          env: { RELAY_ROUTES: settings.routes.map(({ name, to }) => `${name}=${to}`).join(" ") },
          memoryMiB: 64,
          cpus: 1,
          tmpfs: { "/tmp": "rw,noexec,nosuid,nodev,size=1m,mode=1777" },
          healthcheck: { command: answersAt("http://127.0.0.1:8404/health"), intervalSeconds: 10 },
        },
        networks: [{ network: args.network, aliases: settings.routes.map(({ name }) => name) }, { network: args.out }],
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

/**
 * Decides where connections go. Each bucket has a name below its region's host, and one below the host that knows IPv6
 * too, which restic prefers at AWS. Both lead to the region's host by its own name, which is no alias here.
 */
export function settleVaultRelay(regions: VaultRelayArgs["regions"]): VaultRelaySettings {
  return {
    routes: regions.flatMap(({ bucket, host, port }) =>
      [`${bucket}.${host}`, `${bucket}.${host.replace(/^s3\./, "s3.dualstack.")}`].map((name) => ({
        name,
        to: `${host}:${port}`,
      })),
    ),
  };
}
