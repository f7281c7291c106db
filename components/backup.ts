import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import type { Vault, VaultRegion } from "./backup-vault/vault.ts";
import { dataVolume } from "./data-volume.ts";
import type { Network } from "./network.ts";
import type { Odoo } from "./odoo.ts";
import type { Archive, Postgres } from "./postgres.ts";
import { Secret } from "./secret.ts";
import type { SecretFile } from "./secret-files.ts";
import { Service } from "./service.ts";

export interface BackupArgs {
  readonly prefix: string;
  readonly image: pulumi.Input<string>;
  /** The network of the vault. */
  readonly network: Network;
  readonly vault: Vault;
  readonly keys: BackupKeys;
  readonly postgres: Postgres;
  readonly odoo: Odoo;
  /** What the web shell recorded, where there is one. */
  readonly recordings?: docker.Volume | undefined;
  readonly schedule: BackupSettings["schedule"];
  readonly filesEverySeconds: number;
  readonly heartbeatSeconds: number;
  readonly retention: BackupSettings["retention"];
}

/** Every decision about backups, in plain data. */
export interface BackupSettings {
  readonly regions: readonly string[];
  /** When a backup of each kind is taken: five fields of cron, in UTC. */
  readonly schedule: { readonly full: string; readonly diff: string; readonly incr: string };
  /** Seconds between two snapshots of Odoo's files: what of them a disaster can cost. */
  readonly filesEverySeconds: number;
  /** Seconds between two heartbeat rows, by whose age in a restored copy its loss is measured. */
  readonly heartbeatSeconds: number;
  /** Newest backups that are kept of as many days, weeks and months. */
  readonly retention: { readonly daily: number; readonly weekly: number; readonly monthly: number };
}

/** Name of the cluster in pgBackRest's repositories. */
export const STANZA = "main";

/** What backups are encrypted and signed with. Without it no copy of them is worth anything: it is in the escrow. */
export class BackupKeys extends pulumi.ComponentResource {
  /** Of pgBackRest's repositories. */
  readonly repository: Secret;
  /** Of restic's repositories. */
  readonly files: Secret;
  /** Seed of the Ed25519 key that manifests are signed with: 32 characters are its 32 bytes. */
  readonly signing: Secret;

  constructor(name: string, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:backup:BackupKeys", name, {}, opts);
    this.repository = new Secret("backup-repository-passphrase", { parent: this });
    this.files = new Secret("backup-files-passphrase", { parent: this });
    this.signing = new Secret("backup-signing-seed", { parent: this });
    this.registerOutputs({});
  }

  get all(): readonly SecretFile[] {
    return [this.repository, this.files, this.signing];
  }
}

/**
 * Takes backups into every region of the vault: the database first, Odoo's files second, by schedule and on demand.
 *
 * It reads the cluster's files and its socket as the server's own user, and Odoo's files as they are: nothing of the system
 * is writable for it but its own memory of what it did.
 */
export class Backup extends pulumi.ComponentResource {
  readonly settings: BackupSettings;
  readonly service: Service;

  constructor(name: string, args: BackupArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:backup:Backup", name, {}, opts);
    const { prefix, vault, postgres, odoo } = args;
    const settings = settleBackup(args);
    this.settings = settings;
    const state = dataVolume(`${name}-state`, { prefix, parent: this, keep: false });

    this.service = new Service(
      name,
      {
        prefix,
        image: args.image,
        settings: {
          service: "backup",
          user: "999:999",
          command: ["serve"],
          env: {
            BACKUP_REGIONS: JSON.stringify(vault.regions.map(address)),
            BACKUP_STANZA: STANZA,
            BACKUP_DATABASE: postgres.settings.database,
            BACKUP_STACK: prefix,
            BACKUP_SCHEDULE: JSON.stringify(settings.schedule),
            BACKUP_FILES_SECONDS: String(settings.filesEverySeconds),
            BACKUP_HEARTBEAT_SECONDS: String(settings.heartbeatSeconds),
            BACKUP_RETENTION: JSON.stringify(settings.retention),
          },
          memoryMiB: 1024,
          cpus: 2,
          tmpfs: { "/tmp": "rw,noexec,nosuid,nodev,size=256m,mode=1777" },
          healthcheck: {
            // It beats once it can write to the vault and to the database.
            command: ["sh", "-c", '[ -n "$(find /tmp/heartbeat -newermt "-60 seconds")" ]'],
            intervalSeconds: 5,
            startPeriodSeconds: 120,
          },
          stopTimeoutSeconds: 60,
        },
        networks: [{ network: args.network }],
        mounts: [
          ...postgres.backupMounts,
          { volume: odoo.filestore, path: "/filestore", readOnly: true },
          ...(args.recordings === undefined ? [] : [{ volume: args.recordings, path: "/recordings", readOnly: true }]),
          { volume: state, path: "/var/lib/platform-backup" },
          ...vault.ca,
        ],
        secrets: [vault.writer.id, vault.writer.secret, vault.reader.id, vault.reader.secret, ...args.keys.all],
        after: [...vault.ready, odoo.init],
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

/** Decides everything about backups. */
export function settleBackup(
  args: Pick<BackupArgs, "schedule" | "filesEverySeconds" | "heartbeatSeconds" | "retention"> & {
    readonly vault: Pick<Vault, "regions">;
  },
): BackupSettings {
  const { schedule, filesEverySeconds, heartbeatSeconds, retention, vault } = args;
  return {
    regions: vault.regions.map(({ region }) => region),
    schedule,
    filesEverySeconds,
    heartbeatSeconds,
    retention,
  };
}

/** How PostgreSQL archives its WAL into a vault, by those containers of the stack that receive it. */
export function archiveInto(vault: Vault, keys: BackupKeys, rest: Pick<Archive, "network" | "receivers">): Archive {
  return {
    ...rest,
    stanza: STANZA,
    repositories: vault.regions.map(repository),
    secrets: [vault.writer.id, vault.writer.secret, keys.repository],
    mounts: vault.ca,
  };
}

/** As docker/postgres/lib/archive reads it. */
function repository({ region, host, port, bucket, style, caFile = "-" }: VaultRegion): string {
  return [region, `${host}:${port}`, bucket, style, caFile].join("|");
}

/** As docker/backup reads it. */
function address({ region, host, port, bucket, style, caFile, lockDays }: VaultRegion): object {
  return { region, endpoint: `${host}:${port}`, bucket, pathStyle: style === "path", caFile, lockDays };
}
