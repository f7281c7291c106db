import { bucketArns, type AwsVaultSettings, type VaultBucketSettings } from "./aws-settings.ts";

/** One statement of a policy of AWS. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | { readonly [kind: string]: string | readonly string[] };
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: string | readonly string[] } };
}

export function document(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** What only the break-glass administrator may do: each ends a version, or leads to where one can be ended. */
export const DESTROYS = [
  "s3:DeleteObjectVersion",
  "s3:BypassGovernanceRetention",
  "s3:DeleteBucket",
  "s3:DeleteBucketPolicy",
] as const;

/** What changes a bucket. No right of the keys that lie on a host, whatever else is attached to them. */
export const ADMINISTERS = [
  "s3:PutBucket*",
  "s3:DeleteBucket*",
  "s3:PutLifecycleConfiguration",
  "s3:PutReplicationConfiguration",
  "s3:PutEncryptionConfiguration",
  "s3:PutObjectRetention",
  "s3:PutObjectLegalHold",
  "s3:PutObjectAcl",
  "s3:PutObjectVersionAcl",
] as const;

/** Refuses requests without TLS 1.2 or newer. */
function overTls(bucket: string): Statement[] {
  const { bucket: arn, objects } = bucketArns(bucket);
  const base = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [arn, objects] } as const;
  return [
    { Sid: "OverTlsAlone", ...base, Condition: { Bool: { "aws:SecureTransport": "false" } } },
    { Sid: "OverNewTls", ...base, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
  ];
}

type Principals = AwsVaultSettings["principals"];

/** Policy of a bucket with backups in it. It opens nothing: rights come from the identities, and it takes some away. */
export function vaultPolicy(
  { bucket }: Pick<VaultBucketSettings, "bucket">,
  { writer, reader, breakGlass }: Principals,
  more: readonly Statement[] = [],
): string {
  const { bucket: arn, objects } = bucketArns(bucket);
  return document([
    ...overTls(bucket),
    {
      Sid: "OnlyBreakGlassDestroys",
      Effect: "Deny",
      Principal: "*",
      Action: DESTROYS,
      Resource: [arn, objects],
      Condition: { ArnNotEquals: { "aws:PrincipalArn": breakGlass } },
    },
    {
      Sid: "KeysOnHostsAdministerNothing",
      Effect: "Deny",
      Principal: "*",
      Action: ADMINISTERS,
      Resource: [arn, objects],
      Condition: { ArnEquals: { "aws:PrincipalArn": [writer, reader] } },
    },
    {
      // A header may choose other encryption than the bucket's; without one the bucket's own is used.
      Sid: "EncryptedWithKms",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: objects,
      Condition: {
        Null: { "s3:x-amz-server-side-encryption": "false" },
        StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
      },
    },
    ...more,
  ]);
}

/** Who delivers to a bucket that takes logs, and from where. */
export interface Delivery {
  /** Bucket whose accesses are logged, and the prefix of its logs. */
  readonly accessesTo: string;
  /** ARN of a trail that is delivered here too. */
  readonly trail?: string;
}

/** Policy of a bucket that takes logs. */
export function logPolicy(
  { logBucket, account }: Pick<VaultBucketSettings, "logBucket" | "account">,
  { accessesTo, trail }: Delivery,
): string {
  const { bucket: arn, objects } = bucketArns(logBucket);
  const from = (source: string) => ({
    StringEquals: { "aws:SourceAccount": account },
    ArnEquals: { "aws:SourceArn": source },
  });
  const service = (name: string) => ({ Service: `${name}.amazonaws.com` });
  return document([
    ...overTls(logBucket),
    {
      Sid: "AccessLogs",
      Effect: "Allow",
      Principal: service("logging.s3"),
      Action: "s3:PutObject",
      Resource: objects,
      Condition: from(bucketArns(accessesTo).bucket),
    },
    ...(trail === undefined
      ? []
      : ([
          {
            Sid: "TrailLooks",
            Effect: "Allow",
            Principal: service("cloudtrail"),
            Action: "s3:GetBucketAcl",
            Resource: arn,
            Condition: from(trail),
          },
          {
            Sid: "TrailWrites",
            Effect: "Allow",
            Principal: service("cloudtrail"),
            Action: "s3:PutObject",
            Resource: objects,
            Condition: from(trail),
          },
        ] as const)),
  ]);
}

/**
 * Policy of a key. The account's own policies decide who uses it, as for the bucket; only the break-glass administrator
 * may end it, since a lock keeps what nobody can read any more.
 */
export function keyPolicy(account: string, breakGlass: string, more: readonly Statement[] = []): string {
  return document([
    {
      Sid: "PoliciesOfTheAccount",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: "kms:*",
      Resource: "*",
    },
    {
      Sid: "OnlyBreakGlassEndsIt",
      Effect: "Deny",
      Principal: "*",
      Action: ["kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:DisableKeyRotation"],
      Resource: "*",
      Condition: { ArnNotEquals: { "aws:PrincipalArn": breakGlass } },
    },
    ...more,
  ]);
}

/** What copies versions into a bucket. */
export const REPLICATES = [
  "s3:ReplicateObject",
  "s3:ReplicateDelete",
  "s3:ReplicateTags",
  "s3:ObjectOwnerOverrideToBucketOwner",
] as const;

/** What the copy's account allows the role that copies. */
export function takesReplicas({ bucket }: Pick<VaultBucketSettings, "bucket">, role: string): Statement[] {
  const { bucket: arn, objects } = bucketArns(bucket);
  return [
    { Sid: "Copies", Effect: "Allow", Principal: { AWS: role }, Action: [...REPLICATES], Resource: objects },
    {
      Sid: "LooksBeforeCopying",
      Effect: "Allow",
      Principal: { AWS: role },
      Action: ["s3:ListBucket", "s3:GetBucketVersioning"],
      Resource: arn,
    },
  ];
}
