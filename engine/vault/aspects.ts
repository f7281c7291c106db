import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  type LifecycleRule,
  type S3Client,
} from "@aws-sdk/client-s3";

/** Whose bucket is asked: S3 refuses where another account owns it. */
export interface Asked {
  readonly Bucket: string;
  readonly ExpectedBucketOwner: string;
}

type Inputs = { readonly [input: string]: unknown };

/** One thing that is said of a bucket: as the plan says it, and as S3 does, in the same words. */
export interface Aspect {
  /** Type of the resource that says it. */
  readonly type: string;
  /** What it is, in a sentence about the bucket. */
  readonly what: string;
  readonly wanted: (inputs: Inputs) => unknown;
  /** @throws the SDK's error where nothing is set, or the asker may not know. */
  readonly found: (client: S3Client, asked: Asked) => Promise<unknown>;
}

const S3 = (name: string) => `aws:s3/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;

/** Codes of S3 for what is not set at all. */
export const UNSET = [
  "NoSuchBucketPolicy",
  "NoSuchLifecycleConfiguration",
  "NoSuchPublicAccessBlockConfiguration",
  "ObjectLockConfigurationNotFoundError",
  "OwnershipControlsNotFoundError",
  "ReplicationConfigurationNotFoundError",
  "ServerSideEncryptionConfigurationNotFoundError",
];

export const ASPECTS: readonly Aspect[] = [
  {
    type: S3("BucketVersioning"),
    what: "versioning",
    wanted: (inputs) => (inputs["versioningConfiguration"] as { status: string }).status,
    found: async (client, asked) => (await client.send(new GetBucketVersioningCommand(asked))).Status,
  },
  {
    type: S3("BucketObjectLockConfiguration"),
    what: "lock",
    wanted: (inputs) => {
      const { mode, days } = (inputs["rule"] as { defaultRetention: { mode: string; days: number } }).defaultRetention;
      return `${mode} for ${days} days`;
    },
    found: async (client, asked) => {
      const { ObjectLockConfiguration } = await client.send(new GetObjectLockConfigurationCommand(asked));
      const { Mode = "none", Days = 0 } = ObjectLockConfiguration?.Rule?.DefaultRetention ?? {};
      return `${Mode} for ${Days} days`;
    },
  },
  {
    // Which key is known once it is made; that it is one of AWS's own making is not enough.
    type: S3("BucketServerSideEncryptionConfiguration"),
    what: "encryption",
    wanted: (inputs) => {
      const [rule] = inputs["rules"] as {
        applyServerSideEncryptionByDefault: { sseAlgorithm: string; kmsMasterKeyId?: string };
      }[];
      const { sseAlgorithm, kmsMasterKeyId } = rule?.applyServerSideEncryptionByDefault ?? { sseAlgorithm: "none" };
      return encryption(sseAlgorithm, kmsMasterKeyId);
    },
    found: async (client, asked) => {
      const { ServerSideEncryptionConfiguration } = await client.send(new GetBucketEncryptionCommand(asked));
      const { SSEAlgorithm = "none", KMSMasterKeyID } =
        ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault ?? {};
      return encryption(SSEAlgorithm, KMSMasterKeyID);
    },
  },
  {
    type: S3("BucketPublicAccessBlock"),
    what: "block of public access",
    wanted: ({ blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets }) =>
      blocked([blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets]),
    found: async (client, asked) => {
      const { PublicAccessBlockConfiguration: block = {} } = await client.send(new GetPublicAccessBlockCommand(asked));
      return blocked([
        block.BlockPublicAcls,
        block.BlockPublicPolicy,
        block.IgnorePublicAcls,
        block.RestrictPublicBuckets,
      ]);
    },
  },
  {
    type: S3("BucketOwnershipControls"),
    what: "ownership",
    wanted: (inputs) => (inputs["rule"] as { objectOwnership: string }).objectOwnership,
    found: async (client, asked) =>
      (await client.send(new GetBucketOwnershipControlsCommand(asked))).OwnershipControls?.Rules?.[0]?.ObjectOwnership,
  },
  {
    type: S3("BucketPolicy"),
    what: "policy",
    wanted: (inputs) => statementsOf(inputs["policy"] as string),
    found: async (client, asked) => statementsOf((await client.send(new GetBucketPolicyCommand(asked))).Policy ?? "{}"),
  },
  {
    type: S3("BucketLifecycleConfiguration"),
    what: "lifecycle",
    wanted: (inputs) => (inputs["rules"] as PlannedRule[]).map(plannedRule).sort(),
    found: async (client, asked) =>
      ((await client.send(new GetBucketLifecycleConfigurationCommand(asked))).Rules ?? []).map(liveRule).sort(),
  },
  {
    type: S3("BucketLogging"),
    what: "access log",
    wanted: ({ targetBucket, targetPrefix }) => `${String(targetBucket)}/${String(targetPrefix)}`,
    found: async (client, asked) => {
      const { LoggingEnabled: log } = await client.send(new GetBucketLoggingCommand(asked));
      return log === undefined ? undefined : `${log.TargetBucket}/${log.TargetPrefix}`;
    },
  },
  {
    type: S3("BucketReplicationConfig"),
    what: "copy in another account",
    wanted: (inputs) =>
      (inputs["rules"] as PlannedCopy[])
        .map(({ status, destination, deleteMarkerReplication }) =>
          copyText(status, destination.bucket, destination.account, deleteMarkerReplication.status),
        )
        .sort()
        .join("; "),
    found: async (client, asked) =>
      ((await client.send(new GetBucketReplicationCommand(asked))).ReplicationConfiguration?.Rules ?? [])
        .map(({ Status, Destination, DeleteMarkerReplication }) =>
          copyText(Status, Destination?.Bucket, Destination?.Account, DeleteMarkerReplication?.Status),
        )
        .sort()
        .join("; "),
  },
  {
    type: S3("BucketNotification"),
    what: "telling of events",
    wanted: ({ eventbridge }) => eventbridge === true,
    found: async (client, asked) =>
      (await client.send(new GetBucketNotificationConfigurationCommand(asked))).EventBridgeConfiguration !== undefined,
  },
];

/** A policy in one of the many ways to write it: statements by name, lists of one as lists. */
function statementsOf(policy: string): unknown {
  const { Statement = [] } = JSON.parse(policy) as { Statement?: readonly { readonly Sid?: string }[] };
  return listed(Statement.toSorted((a, b) => ((a.Sid ?? "") < (b.Sid ?? "") ? -1 : 1)));
}

function listed(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(listed);
    return items.every((item) => typeof item === "string") ? items.sort() : items;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, typeof inner === "string" ? [inner] : listed(inner)]),
  );
}

function encryption(algorithm: string, key: string | undefined): string {
  // arn:aws:kms:<region>:…
  const region = key?.split(":")[3];
  return region === undefined ? algorithm : `${algorithm} with a key of ${region}`;
}

function blocked(parts: readonly unknown[]): string {
  return parts.every((part) => part === true) ? "whole" : "not whole";
}

interface PlannedCopy {
  readonly status: string;
  readonly destination: { readonly bucket: string; readonly account: string };
  readonly deleteMarkerReplication: { readonly status: string };
}

function copyText(status = "Disabled", bucket = "", account = "", deletions = "Disabled"): string {
  const what = deletions === "Enabled" ? "with what is deleted" : "without what is deleted";
  return `${status} to ${bucket.split(":").at(-1) ?? ""} of ${account}, ${what}`;
}

interface PlannedRule {
  readonly id: string;
  readonly status: string;
  readonly expiration?: { readonly days?: number; readonly expiredObjectDeleteMarker?: boolean };
  readonly noncurrentVersionExpiration?: { readonly noncurrentDays: number };
  readonly abortIncompleteMultipartUpload?: { readonly daysAfterInitiation: number };
}

function plannedRule(rule: PlannedRule): string {
  const {
    id,
    status,
    expiration,
    noncurrentVersionExpiration: noncurrent,
    abortIncompleteMultipartUpload: abort,
  } = rule;
  return ruleText(id, status, expiration?.days, noncurrent?.noncurrentDays, abort?.daysAfterInitiation);
}

function liveRule({
  ID,
  Status,
  Expiration,
  NoncurrentVersionExpiration,
  AbortIncompleteMultipartUpload,
}: LifecycleRule): string {
  return ruleText(
    ...([ID, Status, Expiration?.Days, NoncurrentVersionExpiration?.NoncurrentDays] as const),
    AbortIncompleteMultipartUpload?.DaysAfterInitiation,
  );
}

/** What of a rule makes an object go. */
function ruleText(id = "", status = "", current?: number, noncurrent?: number, unfinished?: number): string {
  const days = (what: string, count: number | undefined) =>
    count === undefined ? [] : [`${what} go after ${count} days`];
  const parts = [
    ...days("objects", current),
    ...days("old versions", noncurrent),
    ...days("unfinished uploads", unfinished),
  ];
  return `${id} (${status}): ${parts.join(", ")}`;
}
