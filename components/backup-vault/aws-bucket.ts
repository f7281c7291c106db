import type * as Aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { aws } from "../aws-sdk.ts";
import type { VaultBucketSettings } from "./aws-settings.ts";
import { type Delivery, keyPolicy, logPolicy, type Statement } from "./aws-statements.ts";

export interface VaultBucketArgs {
  readonly settings: VaultBucketSettings;
  /** Provider of the bucket's region and account. */
  readonly provider: Aws.Provider;
  /** ARN of the only identity that may end versions and keys. */
  readonly breakGlass: string;
  /** The bucket's policy. */
  readonly policy: string;
  /** ARN of a trail that is delivered to the log bucket too. */
  readonly trail?: string | undefined;
  /** What the key's policy allows besides. */
  readonly keyStatements?: readonly Statement[];
}

/**
 * A bucket that keeps backups, in one region: versioned, locked in COMPLIANCE mode, encrypted with a key of its own,
 * closed to the public, TLS alone, its accesses logged to a bucket beside it. Nothing of it goes with the stack.
 */
export class VaultBucket extends pulumi.ComponentResource {
  readonly settings: VaultBucketSettings;
  readonly bucket: Aws.s3.Bucket;
  readonly versioning: Aws.s3.BucketVersioning;
  readonly key: Aws.kms.Key;
  readonly logs: Aws.s3.Bucket;
  /** The log bucket lets in whom its policy names; what is delivered there waits for it. */
  readonly logPolicy: Aws.s3.BucketPolicy;

  constructor(name: string, args: VaultBucketArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:backup:VaultBucket", name, {}, opts);
    const { settings, provider } = args;
    const { bucket, logBucket, lockDays, noncurrentDays, logDays } = settings;
    const child = { parent: this, provider };

    this.settings = settings;
    this.key = new aws.kms.Key(
      name,
      {
        description: `Backups in ${bucket}`,
        region: settings.region,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: keyPolicy(settings.account, args.breakGlass, args.keyStatements),
      },
      { ...child, ...KEPT },
    );
    new aws.kms.Alias(name, { name: settings.keyAlias, targetKeyId: this.key.id }, child);

    const delivery: Delivery = { accessesTo: bucket, ...(args.trail === undefined ? {} : { trail: args.trail }) };
    const logs = describe(`${name}-logs`, child, {
      name: logBucket,
      region: settings.region,
      locked: false,
      // S3 delivers access logs to no bucket that is encrypted with a key of one's own, nor to one that is locked.
      encryption: { sseAlgorithm: "AES256" },
      policy: logPolicy(settings, delivery),
      lifecycle: {
        expiration: { days: logDays },
        noncurrentVersionExpiration: { noncurrentDays: LOG_NONCURRENT_DAYS },
      },
    });
    this.logs = logs.bucket;
    this.logPolicy = logs.policy;

    const vault = describe(name, child, {
      name: bucket,
      region: settings.region,
      locked: true,
      encryption: { sseAlgorithm: "aws:kms", kmsMasterKeyId: this.key.arn },
      policy: args.policy,
      lifecycle: {
        noncurrentVersionExpiration: { noncurrentDays },
        // A marker that hides nothing any more.
        expiration: { expiredObjectDeleteMarker: true },
      },
    });
    this.bucket = vault.bucket;
    this.versioning = vault.versioning;
    new aws.s3.BucketObjectLockConfiguration(
      name,
      { bucket: vault.bucket.bucket, rule: { defaultRetention: { mode: "COMPLIANCE", days: lockDays } } },
      { ...child, dependsOn: [vault.versioning] },
    );
    new aws.s3.BucketLogging(
      name,
      { bucket: vault.bucket.bucket, targetBucket: logs.bucket.bucket, targetPrefix: "access/" },
      { ...child, dependsOn: [logs.policy] },
    );
    this.registerOutputs({ bucket: vault.bucket.bucket });
  }
}

/** Backups outlive the stack that took them. */
const KEPT = { protect: true, retainOnDelete: true };
/** Nothing overwrites logs; who deletes some has not done away with them at once. */
const LOG_NONCURRENT_DAYS = 30;

interface BucketArgs {
  readonly name: string;
  readonly region: string;
  readonly locked: boolean;
  readonly encryption: { readonly sseAlgorithm: string; readonly kmsMasterKeyId?: pulumi.Input<string> };
  readonly policy: string;
  readonly lifecycle: Pick<
    Aws.types.input.s3.BucketLifecycleConfigurationRule,
    "expiration" | "noncurrentVersionExpiration"
  >;
}

interface DescribedBucket {
  readonly bucket: Aws.s3.Bucket;
  readonly versioning: Aws.s3.BucketVersioning;
  readonly policy: Aws.s3.BucketPolicy;
}

/** A bucket with what is said of every bucket here. */
function describe(
  name: string,
  child: { readonly parent: pulumi.Resource; readonly provider: Aws.Provider },
  args: BucketArgs,
): DescribedBucket {
  const made = new aws.s3.Bucket(
    name,
    { bucket: args.name, region: args.region, ...(args.locked ? { objectLockEnabled: true } : {}) },
    { ...child, ...KEPT },
  );
  const bucket = made.bucket;
  const versioning = new aws.s3.BucketVersioning(
    name,
    { bucket, versioningConfiguration: { status: "Enabled" } },
    child,
  );
  new aws.s3.BucketServerSideEncryptionConfiguration(
    name,
    { bucket, rules: [{ applyServerSideEncryptionByDefault: { ...args.encryption }, bucketKeyEnabled: true }] },
    child,
  );
  const closed = new aws.s3.BucketPublicAccessBlock(
    name,
    { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    child,
  );
  const owned = new aws.s3.BucketOwnershipControls(
    name,
    { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
    // S3 refuses two changes of a bucket's access at a time.
    { ...child, dependsOn: [closed] },
  );
  const policy = new aws.s3.BucketPolicy(name, { bucket, policy: args.policy }, { ...child, dependsOn: [owned] });
  new aws.s3.BucketLifecycleConfiguration(
    name,
    {
      bucket,
      rules: [
        {
          id: "retention",
          status: "Enabled",
          filter: { prefix: "" },
          ...args.lifecycle,
          abortIncompleteMultipartUpload: { daysAfterInitiation: 3 },
        },
      ],
    },
    { ...child, dependsOn: [versioning] },
  );
  new aws.s3.BucketNotification(name, { bucket, eventbridge: true }, child);
  return { bucket: made, versioning, policy };
}
