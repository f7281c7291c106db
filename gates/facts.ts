import type { AwsVaultSettings } from "../components/backup-vault/aws-settings.ts";
import type { BackupSettings } from "../components/backup.ts";
import type { LocalVaultSettings } from "../components/backup-vault/local.ts";
import type { EdgeSettings } from "../components/edge.ts";
import type { IdentitySettings } from "../components/identity.ts";
import type { ImageSettings } from "../components/images.ts";
import type { MonitoringSettings } from "../components/monitoring/settings.ts";
import type { McpSettings } from "../components/mcp.ts";
import type { OdooSettings } from "../components/odoo.ts";
import type { PostgresSettings } from "../components/postgres.ts";
import type { SignOnSettings } from "../components/sign-on.ts";
import type { WebShellSettings } from "../components/web-shell.ts";
import type { Evidence } from "./evidence.ts";
import type { Agreement } from "./records/sla.ts";
import type { Signer } from "./seal.ts";

/** What every component decided, as plain data: the same in preview, in update and in process. */
export interface SystemSettings {
  readonly stage: "development" | "staging" | "production";
  readonly images: readonly ImageSettings[];
  readonly networks: readonly { readonly name: string; readonly internal: boolean }[];
  readonly postgres: PostgresSettings;
  readonly odoo: OdooSettings;
  readonly edge: EdgeSettings;
  /** What was agreed with those who use the stack. */
  readonly sla: Agreement;
  /** How code reaches the stack: the branch that it serves, and the stack that must serve it before. */
  readonly promotion?: { readonly branch: string; readonly from?: string | undefined };
  /** Stacks of single commits that are made beside the stack: how many, for how long, how large, and from which port on. */
  readonly previews?: {
    readonly most: number;
    readonly hours: number;
    readonly mostGiB: number;
    readonly firstPort: number;
  };
  /** Absent where no backups are taken. */
  readonly backup?: BackupSettings;
  readonly identity?: IdentitySettings;
  readonly signOn?: SignOnSettings;
  readonly webShell?: WebShellSettings;
  /** Where backups lie; absent where none are taken. */
  readonly vault?: AwsVaultSettings | LocalVaultSettings;
  /** Absent where nothing watches the stack. */
  readonly monitoring?: MonitoringSettings;
  /** Servers for assistants, where they are on. */
  readonly mcp?: McpSettings;
}

/** All that verdicts are made from. Plain data: it travels in stack outputs. */
export interface GateFacts {
  readonly stack: string;
  readonly settings: SystemSettings;
  /** Digest of what the evidence must have been taken from: the settings, and the sources that turn them into a system. */
  readonly planDigest: string;
  /** SHA-256 of each file that tasks speak of; a missing file is absent. */
  readonly files: { readonly [path: string]: string };
  readonly evidence: readonly Evidence[];
  /** Keys whose evidence counts. */
  readonly signers: readonly Signer[];
  /** Commit that last changed anything but evidence; empty outside a repository. Decisions of people are bound to it. */
  readonly commit: string;
}
