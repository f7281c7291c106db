import type * as Aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { aws } from "../aws-sdk.ts";
import { VaultBucket } from "./aws-bucket.ts";
import { replicationPolicy, serviceTrust } from "./aws-rights.ts";
import { bucketArns, type VaultBucketSettings } from "./aws-settings.ts";
import { takesReplicas, vaultPolicy } from "./aws-statements.ts";

export interface VaultReplicaArgs {
  readonly prefix: string;
  readonly settings: VaultBucketSettings;
  /** Bucket that is copied. */
  readonly of: VaultBucket;
  /** Provider of the first account, for the role that copies. */
  readonly provider: Aws.Provider;
  /** Provider of the copy's account and region. */
  readonly elsewhere: Aws.Provider;
  readonly principals: { readonly writer: string; readonly reader: string };
}

/** Minutes in which a version is copied; S3 takes no other number. */
const REPLICATION_MINUTES = 15;

/** A copy in another account and region, which that account owns, made within 15 minutes of every write. */
export class VaultReplica extends pulumi.ComponentResource {
  readonly copy: VaultBucket;

  constructor(name: string, args: VaultReplicaArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:backup:VaultReplica", name, {}, opts);
    const { prefix, settings, of, provider, elsewhere } = args;
    const { account } = of.settings;
    const child = { parent: this, provider };
    const roleArn = `arn:aws:iam::${account}:role/${prefix}-vault-replication`;
    // Its own account's root: nobody of the first account ends anything here.
    const breakGlass = `arn:aws:iam::${settings.account}:root`;

    const role = new aws.iam.Role(
      name,
      { name: `${prefix}-vault-replication`, assumeRolePolicy: serviceTrust("s3", account) },
      child,
    );
    this.copy = new VaultBucket(
      name,
      {
        settings,
        provider: elsewhere,
        breakGlass,
        policy: vaultPolicy(settings, { ...args.principals, breakGlass }, takesReplicas(settings, roleArn)),
        keyStatements: [
          {
            Sid: "Copies",
            Effect: "Allow",
            Principal: { AWS: roleArn },
            Action: ["kms:Encrypt", "kms:GenerateDataKey"],
            Resource: "*",
          },
        ],
      },
      // Its policies name the role, and AWS refuses one that there isn't.
      { parent: this, dependsOn: [role] },
    );
    const allowed = new aws.iam.RolePolicy(
      name,
      {
        role: role.name,
        policy: pulumi
          .all([of.key.arn, this.copy.key.arn])
          .apply(([from, to]) => replicationPolicy(of.settings, settings, { from, to })),
      },
      child,
    );
    const minutes = { status: "Enabled", time: { minutes: REPLICATION_MINUTES } };
    new aws.s3.BucketReplicationConfig(
      name,
      {
        bucket: of.bucket.bucket,
        role: role.arn,
        rules: [
          {
            id: "copy",
            status: "Enabled",
            priority: 1,
            filter: { prefix: "" },
            // Retention is the same here: what it marked as deleted goes when its lock has ended.
            deleteMarkerReplication: { status: "Enabled" },
            sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
            destination: {
              bucket: bucketArns(settings.bucket).bucket,
              account: settings.account,
              accessControlTranslation: { owner: "Destination" },
              encryptionConfiguration: { replicaKmsKeyId: this.copy.key.arn },
              replicationTime: minutes,
              metrics: { status: "Enabled", eventThreshold: { minutes: REPLICATION_MINUTES } },
            },
          },
        ],
      },
      { ...child, dependsOn: [of.versioning, this.copy.versioning, allowed] },
    );
    this.registerOutputs({});
  }
}
