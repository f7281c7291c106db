import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketReplicationCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  PutPublicAccessBlockCommand,
  type ReplicationRule,
  type S3Client,
} from "@aws-sdk/client-s3";

import { type Plan, resourcesOf, textOf } from "../../../plan/plan.ts";

/** What is planned of a bucket, by the kind of resource that says it. */
export function planned(plan: Plan, kind: string, bucket: string): { readonly [input: string]: unknown } {
  const type = `aws:s3/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`;
  const found = resourcesOf(plan, type).find((one) => textOf(one, "bucket") === bucket);
  if (found === undefined) throw new Error(`no ${kind} of ${bucket} is planned`);
  return found.inputs;
}

/** Makes a bucket as it is planned. */
export async function makeBucket(s3: S3Client, plan: Plan, region: string, bucket: string): Promise<void> {
  const locked = planned(plan, "Bucket", bucket)["objectLockEnabled"] === true;
  await s3.send(
    new CreateBucketCommand({
      Bucket: bucket,
      // The first region has no name there.
      ...(region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region as "eu-west-1" } }),
      ObjectLockEnabledForBucket: locked,
    }),
  );
  await settle(s3, plan, region, bucket);
}

/** Everything that is planned of a bucket, as a provider would ask for it. */
export async function settle(s3: S3Client, plan: Plan, region: string, bucket: string): Promise<void> {
  await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } }));
  const isVault = planned(plan, "Bucket", bucket)["objectLockEnabled"] === true;
  await encrypt(s3, bucket, isVault ? "aws:kms" : "AES256", isVault ? region : undefined);
  const open = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
  await s3.send(new PutPublicAccessBlockCommand({ Bucket: bucket, PublicAccessBlockConfiguration: open }));
  await own(s3, bucket, "BucketOwnerEnforced");
  await s3.send(
    new PutBucketPolicyCommand({ Bucket: bucket, Policy: String(planned(plan, "BucketPolicy", bucket)["policy"]) }),
  );
  await expire(s3, plan, bucket);
  if (!isVault) return;
  await lock(s3, bucket, 30);
  await replicate(s3, plan, bucket);
  const { targetBucket, targetPrefix } = planned(plan, "BucketLogging", bucket);
  const target = String(targetBucket);
  const log = { LoggingEnabled: { TargetBucket: target, TargetPrefix: String(targetPrefix) } };
  // Moto looks for the right to write there, and fails on a principal that is everybody.
  const policy = String(planned(plan, "BucketPolicy", target)["policy"]);
  const { Statement, ...rest } = JSON.parse(policy) as { Statement: { Effect: string }[] };
  const allowing = { ...rest, Statement: Statement.filter(({ Effect }) => Effect === "Allow") };
  await s3.send(new PutBucketPolicyCommand({ Bucket: target, Policy: JSON.stringify(allowing) }));
  await s3.send(new PutBucketLoggingCommand({ Bucket: bucket, BucketLoggingStatus: log }));
  await s3.send(new PutBucketPolicyCommand({ Bucket: target, Policy: policy }));
}

/** As the provider asks for it, where a copy is planned. */
export async function replicate(s3: S3Client, plan: Plan, bucket: string): Promise<void> {
  const type = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
  const found = resourcesOf(plan, type).find((one) => textOf(one, "bucket") === bucket);
  if (found === undefined) return;
  const [{ destination }] = found.inputs["rules"] as [{ destination: { bucket: string; account: string } }];
  const rule: ReplicationRule = {
    ...{ ID: "copy", Priority: 1, Filter: { Prefix: "" } },
    Status: "Enabled",
    DeleteMarkerReplication: { Status: "Enabled" },
    Destination: { Bucket: destination.bucket, Account: destination.account },
  };
  const config = { Role: "arn:aws:iam::123456789012:role/lab", Rules: [rule] };
  await s3.send(new PutBucketReplicationCommand({ Bucket: bucket, ReplicationConfiguration: config }));
}

export const lock = (s3: S3Client, bucket: string, days: number) =>
  s3.send(
    new PutObjectLockConfigurationCommand({
      Bucket: bucket,
      ObjectLockConfiguration: {
        ObjectLockEnabled: "Enabled",
        Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: days } },
      },
    }),
  );

export function encrypt(s3: S3Client, bucket: string, algorithm: "aws:kms" | "AES256", keyRegion?: string) {
  const key = keyRegion === undefined ? {} : { KMSMasterKeyID: `arn:aws:kms:${keyRegion}:123456789012:key/lab` };
  const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: algorithm, ...key }, BucketKeyEnabled: true };
  return s3.send(
    new PutBucketEncryptionCommand({ Bucket: bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } }),
  );
}

export const own = (s3: S3Client, bucket: string, owner: "BucketOwnerEnforced" | "ObjectWriter") =>
  s3.send(
    new PutBucketOwnershipControlsCommand({
      Bucket: bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: owner }] },
    }),
  );

/** As planned, or with old versions that go after so many days. */
export function expire(s3: S3Client, plan: Plan, bucket: string, noncurrentDays?: number) {
  const [rule] = planned(plan, "BucketLifecycleConfiguration", bucket)["rules"] as {
    expiration: { days?: number; expiredObjectDeleteMarker?: boolean };
    noncurrentVersionExpiration: { noncurrentDays: number };
  }[];
  return s3.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket: bucket,
      LifecycleConfiguration: {
        Rules: [
          {
            ...{ ID: "retention", Status: "Enabled", Filter: { Prefix: "" } },
            Expiration:
              rule?.expiration.days === undefined
                ? { ExpiredObjectDeleteMarker: true }
                : { Days: rule.expiration.days },
            NoncurrentVersionExpiration: {
              NoncurrentDays: noncurrentDays ?? rule?.noncurrentVersionExpiration.noncurrentDays,
            },
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 },
          },
        ],
      },
    }),
  );
}
