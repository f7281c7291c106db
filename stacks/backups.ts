import type * as pulumi from "@pulumi/pulumi";

import { archiveInto, Backup, type BackupArgs, BackupKeys } from "../components/backup.ts";
import { AwsVault } from "../components/backup-vault/aws.ts";
import { LocalVault } from "../components/backup-vault/local.ts";
import { VaultRelay } from "../components/backup-vault/relay.ts";
import type { Vault } from "../components/backup-vault/vault.ts";
import type { PartImage } from "../components/images.ts";
import { Network } from "../components/network.ts";
import type { Archive } from "../components/postgres.ts";
import type { Service } from "../components/service.ts";
import type { StackConfig } from "./config.ts";

interface BackupsArgs {
  readonly prefix: string;
  readonly config: Pick<StackConfig, "backup" | "protectData">;
  readonly image: (name: PartImage) => pulumi.Output<string>;
}

/** Where backups lie, and how they get there. */
export interface Backups {
  readonly vault: AwsVault | LocalVault;
  /** Of the vault and those who use it. */
  readonly networks: readonly Network[];
  /** For PostgreSQL, which is made between the vault and who takes backups. */
  readonly archive: Archive;
  /** Makes who takes them. */
  readonly take: (of: Pick<BackupArgs, "postgres" | "odoo" | "recordings">) => Backup;
  /** Containers of the vault. */
  readonly services: readonly Service[];
}

/** Images that backups need. */
export function backupImages({ backup }: Pick<StackConfig, "backup">): PartImage[] {
  if (!backup.enabled) return [];
  return [backup.vault === "local" ? "vault" : "vault-relay", "backup"];
}

/** The vault and what writes to it; undefined where there are no backups. */
export function backups({ prefix, config, image }: BackupsArgs): Backups | undefined {
  const { backup, protectData } = config;
  if (!backup.enabled) return undefined;
  const network = new Network("backup", { prefix, internal: true });
  const keys = new BackupKeys("backup-keys");
  const into = (vault: Vault, services: readonly Service[]): Omit<Backups, "vault" | "networks"> => ({
    archive: archiveInto(vault, keys, {
      network,
      receivers: services.filter(({ settings: { job } }) => job !== true),
    }),
    take: (of) => new Backup("backup", { ...backup, prefix, image: image("backup"), network, vault, keys, ...of }),
    services,
  });
  if (backup.vault === "aws" && backup.aws !== undefined) {
    const vault = new AwsVault("vault", { prefix, ...backup, ...backup.aws });
    const out = new Network("vault", { prefix, internal: false });
    const { regions, writer, reader, ca } = vault;
    const { service } = new VaultRelay("vault-relay", { prefix, image: image("vault-relay"), network, out, regions });
    return { vault, networks: [network, out], ...into({ regions, writer, reader, ca, ready: [service] }, [service]) };
  }
  const vault = new LocalVault("vault", { prefix, image: image("vault"), network, ...backup, protectData });
  return { vault, networks: [network], ...into(vault, vault.services) };
}
