import type * as Aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { aws } from "../aws-sdk.ts";
import type { SecretFile } from "../secret-files.ts";
import { breakGlassPolicy, breakGlassTrust, readerPolicy, writerPolicy } from "./aws-rights.ts";
import { type AwsVaultSettings, nameIn } from "./aws-settings.ts";
import type { AccessKeyFiles } from "./vault.ts";

export interface VaultAccessArgs {
  readonly settings: AwsVaultSettings;
  readonly provider: Aws.Provider;
  /** ARNs of the buckets' keys. */
  readonly keys: readonly pulumi.Input<string>[];
}

/** Who may do what with a vault: a writer, a reader, and an administrator who breaks the glass. */
export class VaultAccess extends pulumi.ComponentResource {
  readonly writer: AccessKeyFiles;
  readonly reader: AccessKeyFiles;

  constructor(name: string, args: VaultAccessArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:backup:VaultAccess", name, {}, opts);
    const { settings, provider } = args;
    const { principals, regions, keyGeneration } = settings;
    // A new one is there before the old one goes: IAM allows a user two.
    const suffix = keyGeneration === 1 ? "" : `-${keyGeneration}`;
    const child = { parent: this, provider };
    const keys = pulumi.all([...args.keys]);

    const user = (role: "writer" | "reader", policy: pulumi.Input<string>): AccessKeyFiles => {
      const made = new aws.iam.User(`vault-${role}`, { name: nameIn(principals[role]) }, child);
      new aws.iam.UserPolicy(`vault-${role}`, { user: made.name, policy }, child);
      const key = new aws.iam.AccessKey(`vault-${role}${suffix}`, { user: made.name }, child);
      const file = (kind: string, value: pulumi.Output<string>): SecretFile => ({
        settings: { name: `vault-${role}-${kind}` },
        value: pulumi.secret(value),
      });
      return { id: file("id", key.id), secret: file("secret", key.secret) };
    };
    this.writer = user(
      "writer",
      keys.apply((arns) => writerPolicy(regions, arns)),
    );
    this.reader = user(
      "reader",
      keys.apply((arns) => readerPolicy(regions, arns)),
    );

    const breakGlass = new aws.iam.Role(
      "vault-break-glass",
      {
        name: nameIn(principals.breakGlass),
        description: "Repairs the vault when all else fails. Every use of it is told.",
        assumeRolePolicy: breakGlassTrust(settings.breakGlass),
        maxSessionDuration: 3600,
      },
      child,
    );
    new aws.iam.RolePolicy(
      "vault-break-glass",
      { role: breakGlass.name, policy: keys.apply((arns) => breakGlassPolicy(regions, arns)) },
      child,
    );
    this.registerOutputs({});
  }
}
