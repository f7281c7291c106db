import { bucketArns, type VaultBucketSettings } from "./aws-settings.ts";
import { ADMINISTERS, DESTROYS, document, REPLICATES, type Statement } from "./aws-statements.ts";

const arnsOf = (buckets: readonly { readonly bucket: string }[]) => buckets.map(({ bucket }) => bucketArns(bucket));

/** Keys of a vault's buckets, and of nothing else that S3 encrypts. */
function withKeys(sid: string, actions: readonly string[], keys: readonly string[]): Statement {
  return { Sid: sid, Effect: "Allow", Action: actions, Resource: keys };
}

/**
 * Writes, reads and lists. A delete without a version only sets a marker, which retention needs; versions, locks and the
 * bucket are out of reach.
 *
 * @param keys ARNs of the buckets' keys
 */
export function writerPolicy(regions: readonly VaultBucketSettings[], keys: readonly string[]): string {
  const arns = arnsOf(regions);
  return document([
    {
      Sid: "Lists",
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
      Resource: arns.map(({ bucket }) => bucket),
    },
    {
      Sid: "Writes",
      Effect: "Allow",
      Action: [
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
      ],
      Resource: arns.map(({ objects }) => objects),
    },
    withKeys("Encrypts", ["kms:GenerateDataKey", "kms:Decrypt"], keys),
  ]);
}

/** Restores, versions that were overwritten or deleted too, and reads how buckets are set up. */
export function readerPolicy(regions: readonly VaultBucketSettings[], keys: readonly string[]): string {
  const arns = arnsOf(regions);
  return document([
    {
      Sid: "Looks",
      Effect: "Allow",
      Action: [
        "s3:ListBucket*",
        "s3:GetBucket*",
        "s3:GetLifecycleConfiguration",
        "s3:GetEncryptionConfiguration",
        "s3:GetReplicationConfiguration",
      ],
      Resource: arns.map(({ bucket }) => bucket),
    },
    {
      Sid: "Reads",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectRetention"],
      Resource: arns.map(({ objects }) => objects),
    },
    withKeys("Decrypts", ["kms:Decrypt", "kms:DescribeKey", "kms:GetKeyRotationStatus"], keys),
  ]);
}

/** What S3 needs to copy a bucket of ours into one of another account. */
export function replicationPolicy(
  from: Pick<VaultBucketSettings, "bucket">,
  to: Pick<VaultBucketSettings, "bucket">,
  keys: { readonly from: string; readonly to: string },
): string {
  const [source, target] = [bucketArns(from.bucket), bucketArns(to.bucket)];
  return document([
    {
      Sid: "LooksAtTheSource",
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:GetReplicationConfiguration"],
      Resource: source.bucket,
    },
    {
      Sid: "ReadsVersions",
      Effect: "Allow",
      Action: [
        "s3:GetObjectVersionForReplication",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionTagging",
        "s3:GetObjectRetention",
        "s3:GetObjectLegalHold",
      ],
      Resource: source.objects,
    },
    { Sid: "Copies", Effect: "Allow", Action: [...REPLICATES], Resource: target.objects },
    withKeys("Decrypts", ["kms:Decrypt"], [keys.from]),
    withKeys("Encrypts", ["kms:Encrypt", "kms:GenerateDataKey"], [keys.to]),
  ]);
}

/** Who may take a role: a service of AWS, for this account alone. */
export function serviceTrust(service: string, account: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: `${service}.amazonaws.com` },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ],
  });
}

/** Ends what has to end, and repairs how buckets are set up; writes no backups, so that nobody can forge what he unlocks. */
export function breakGlassPolicy(regions: readonly VaultBucketSettings[], keys: readonly string[]): string {
  const arns = arnsOf(regions);
  return document([
    {
      Sid: "Administers",
      Effect: "Allow",
      Action: ["s3:Get*", "s3:List*", ...ADMINISTERS, ...DESTROYS, "s3:DeleteObject"],
      Resource: arns.flatMap(({ bucket, objects }) => [bucket, objects]),
    },
    withKeys(
      "AdministersKeys",
      [
        "kms:Describe*",
        "kms:Get*",
        "kms:List*",
        "kms:Decrypt",
        "kms:EnableKey",
        "kms:DisableKey",
        "kms:CancelKeyDeletion",
        "kms:ScheduleKeyDeletion",
        "kms:PutKeyPolicy",
      ],
      keys,
    ),
  ]);
}

/** Who may become the break-glass administrator: named people and roles, who showed a second factor within the hour. */
export function breakGlassTrust(principals: readonly string[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: principals },
        Action: "sts:AssumeRole",
        Condition: {
          Bool: { "aws:MultiFactorAuthPresent": "true" },
          NumericLessThan: { "aws:MultiFactorAuthAge": "3600" },
        },
      },
    ],
  });
}
