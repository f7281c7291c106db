import * as pulumi from "@pulumi/pulumi";

import { answersAt } from "../container-options.ts";
import { dataVolume } from "../data-volume.ts";
import type { Network } from "../network.ts";
import { Secret } from "../secret.ts";
import { type Mount, Service } from "../service.ts";
import type { AccessKeyFiles, Vault, VaultRegion } from "./vault.ts";

export interface LocalVaultArgs {
  readonly prefix: string;
  readonly image: pulumi.Input<string>;
  /** The network of those who write and read backups; it has no way out. */
  readonly network: Network;
  readonly regions: readonly string[];
  readonly lockDays: number;
  /** Which access keys these are of those that it had; one more makes all of them anew. */
  readonly keyGeneration: number;
  /** Refuse to delete the backups. */
  readonly protectData: boolean;
}

/** Every decision about a vault beside the stack, in plain data. */
export interface LocalVaultSettings {
  readonly kind: "local";
  readonly regions: readonly VaultRegion[];
  readonly protectData: boolean;
}

const USER = "1001:1001";
const BUCKET = "backup";
/** Not 443, which an unprivileged process can't listen on. */
const PORT = 7070;
/** Folder in which clients find the certificate of each region. */
const CA_PATH = "/run/vault-ca";

/**
 * A vault of S3 servers beside the stack, one a region: versions, object lock over TLS, and keys apart for who writes, reads
 * and administers. It proves how backups work, and goes with its machine: production's lies elsewhere.
 */
export class LocalVault extends pulumi.ComponentResource implements Vault {
  readonly settings: LocalVaultSettings;
  readonly regions: readonly VaultRegion[];
  readonly writer: AccessKeyFiles;
  readonly reader: AccessKeyFiles;
  readonly ca: readonly Mount[];
  readonly ready: readonly Service[];
  /** Every container of it. */
  readonly services: readonly Service[];

  constructor(name: string, args: LocalVaultArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:backup:LocalVault", name, {}, opts);
    const { prefix, image, network, keyGeneration: generation } = args;
    this.settings = settleLocalVault(args);
    this.regions = this.settings.regions;

    const key = (role: string): AccessKeyFiles => ({
      id: new Secret(`vault-${role}-id`, { parent: this }, { generation }),
      secret: new Secret(`vault-${role}-secret`, { parent: this }, { generation }),
    });
    const admin = key("admin");
    this.writer = key("writer");
    this.reader = key("reader");
    const keys = [admin, this.writer, this.reader].flatMap(({ id, secret }) => [id, secret]);
    const ca = dataVolume(`${name}-ca`, { prefix, parent: this, keep: false });
    this.ca = [{ volume: ca, path: CA_PATH, readOnly: true }];

    const servers = this.regions.map(({ region, host }) => {
      const data = dataVolume(`${name}-${region}`, { prefix, parent: this, keep: args.protectData });
      return new Service(
        host,
        {
          prefix,
          image,
          settings: {
            service: host,
            user: USER,
            command: ["serve"],
            env: { VAULT_REGION: region, VAULT_HOST: host },
            memoryMiB: 256,
            cpus: 1,
            tmpfs: {
              "/tmp": "rw,noexec,nosuid,nodev,size=64m,mode=1777",
              // The accounts, with their keys.
              "/run/vault-accounts": "rw,noexec,nosuid,nodev,size=1m,mode=0700,uid=1001,gid=1001",
            },
            healthcheck: {
              command: answersAt(`https://localhost:${PORT}/health`, "--cacert", `${CA_PATH}/${region}.crt`),
              intervalSeconds: 5,
            },
          },
          networks: [{ network }],
          mounts: [
            { volume: data, path: "/var/lib/vault" },
            { volume: ca, path: CA_PATH },
          ],
          secrets: keys,
        },
        { parent: this },
      );
    });

    const init = new Service(
      `${name}-init`,
      {
        prefix,
        image,
        settings: {
          service: `${name}-init`,
          user: USER,
          command: ["set-up"],
          env: {
            VAULT_REGIONS: this.regions.map(({ region, host, port }) => `${region}=${host}:${port}`).join(" "),
            VAULT_BUCKET: BUCKET,
            VAULT_LOCK_DAYS: String(args.lockDays),
          },
          memoryMiB: 64,
          cpus: 1,
          tmpfs: { "/tmp": "rw,noexec,nosuid,nodev,size=16m,mode=1777" },
          job: true,
        },
        networks: [{ network }],
        mounts: this.ca,
        secrets: keys.filter((file) => file !== this.writer.secret && file !== this.reader.secret),
        after: servers,
      },
      { parent: this },
    );
    this.ready = [init];
    this.services = [...servers, init];
    this.registerOutputs({});
  }
}

/** Decides everything about a vault beside the stack. */
export function settleLocalVault({
  regions,
  lockDays,
  protectData,
}: Pick<LocalVaultArgs, "regions" | "lockDays" | "protectData">): LocalVaultSettings {
  return {
    kind: "local",
    regions: regions.map((region) => ({
      region,
      host: `vault-${region}`,
      port: PORT,
      bucket: BUCKET,
      style: "path",
      caFile: `${CA_PATH}/${region}.crt`,
      lockDays,
    })),
    protectData,
  };
}
