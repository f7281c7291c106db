import type * as pulumi from "@pulumi/pulumi";

import { archiveInto, Backup, type BackupArgs, BackupKeys } from "../components/backup.ts";
import { AwsVault } from "../components/backup-vault/aws.ts";
import { LocalVault } from "../components/backup-vault/local.ts";
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

/** Where backups lie, and how they get there where this stack takes them. */
export interface Backups {
  readonly vault: AwsVault | LocalVault;
  readonly jobs?: {
    readonly network: Network;
    /** For PostgreSQL, which is made between the vault and who takes backups. */
    readonly archive: Archive;
    /** Makes who takes them. */
    readonly take: (of: Pick<BackupArgs, "postgres" | "odoo" | "recordings">) => Backup;
    /** Containers of the vault. */
    readonly services: readonly Service[];
  };
}

/** Images that backups need. */
export function backupImages({ backup }: Pick<StackConfig, "backup">): PartImage[] {
  return backup.enabled && backup.vault === "local" ? ["vault", "backup"] : [];
}

/** The vault and what writes to it; undefined where there are no backups. */
export function backups({ prefix, config, image }: BackupsArgs): Backups | undefined {
  const { backup, protectData } = config;
  if (!backup.enabled) return undefined;
  // A vault in the cloud is made here, and not yet written to: PostgreSQL has no way out.
  if (backup.vault === "aws" && backup.aws !== undefined)
    return { vault: new AwsVault("vault", { prefix, ...backup, ...backup.aws }) };
  const network = new Network("backup", { prefix, internal: true });
  const vault = new LocalVault("vault", { prefix, image: image("vault"), network, ...backup, protectData });
  const keys = new BackupKeys("backup-keys");
  return {
    vault,
    jobs: {
      network,
      archive: archiveInto(vault, keys, network),
      take: (of) => new Backup("backup", { ...backup, prefix, image: image("backup"), network, vault, keys, ...of }),
      services: vault.services,
    },
  };
}
