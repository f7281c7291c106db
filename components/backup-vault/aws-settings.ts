import { refusal } from "../refusal.ts";

/** A copy in another account, which owns it: whoever takes over the first account can't reach it. */
export interface ReplicaArgs {
  readonly account: string;
  readonly region: string;
  /** ARN of the role in that account that makes the copy's bucket and key. */
  readonly deployRole: string;
  /** Region whose bucket is copied. @default the first */
  readonly of?: string | undefined;
}

export interface AwsVaultArgs {
  /** Prefix of physical names, `<project>-<stack>`. */
  readonly prefix: string;
  /** Twelve digits. Credentials of any other account are refused. */
  readonly account: string;
  /** Regions that every backup is written to; the first one also holds what is global. */
  readonly regions: readonly string[];
  /** Days for which nobody deletes a version. */
  readonly lockDays: number;
  /** Which access keys these are of those that it had; one more makes all of them anew. */
  readonly keyGeneration: number;
  /** Days after which a version that was overwritten or deleted goes. @default lockDays, and 35 at least */
  readonly noncurrentDays?: number | undefined;
  /** Days for which access logs are kept. */
  readonly logDays: number;
  /** ARN of a role to deploy with. @default the credentials' own rights */
  readonly deployRole?: string | undefined;
  /** ARNs of the people or roles who may become the break-glass administrator, with MFA. */
  readonly breakGlass: readonly string[];
  /** Who is told. */
  readonly alarmEmails: readonly string[];
  /** Deletions in an hour that are more than retention ever makes. */
  readonly deletesPerHour: number;
  /** Record API calls here; false where an organization's trail does, without which no alarm on them rings. */
  readonly trail: boolean;
  readonly replica?: ReplicaArgs | undefined;
}

/** Decisions about one bucket with backups in it. */
export interface VaultBucketSettings {
  readonly region: string;
  readonly account: string;
  readonly bucket: string;
  readonly lockDays: number;
  readonly noncurrentDays: number;
  /** Takes the access logs of `bucket`: in its region and account, since S3 delivers to no other. */
  readonly logBucket: string;
  readonly logDays: number;
  readonly keyAlias: string;
}

/** Every decision about a vault on AWS, in plain data. */
export interface AwsVaultSettings {
  readonly kind: "aws";
  readonly account: string;
  readonly regions: readonly VaultBucketSettings[];
  /** With the region that it copies, and the role that makes it and may look at it. */
  readonly replica?: VaultBucketSettings & { readonly of: string; readonly deployRole: string };
  readonly principals: { readonly writer: string; readonly reader: string; readonly breakGlass: string };
  readonly keyGeneration: number;
  readonly breakGlass: readonly string[];
  readonly alarmEmails: readonly string[];
  readonly deletesPerHour: number;
  readonly trail: boolean;
}

/** What is overwritten on the last day of a month is found wrong at the end of the next one. */
const LEAST_NONCURRENT_DAYS = 35;
/** S3's own limit. */
const LONGEST_BUCKET_NAME = 63;

/**
 * Decides everything about a vault on AWS. Names and ARNs follow from the settings, so that a plan is complete without
 * asking AWS.
 */
export function settleAwsVault(args: AwsVaultArgs): AwsVaultSettings {
  const { prefix, account, lockDays, noncurrentDays = Math.max(lockDays, LEAST_NONCURRENT_DAYS), replica } = args;
  const [first = "", ...others] = args.regions;
  if (new Set(args.regions).size < 3)
    throw refusal(
      `The vault needs 3 regions or more, each named once; got ${args.regions.join(", ")}. Mend backup.regions.`,
    );
  if (noncurrentDays < lockDays)
    throw refusal(
      `Versions would go after ${noncurrentDays} days, and the lock keeps them for ${lockDays}; raise noncurrentDays or lower lockDays.`,
    );
  const bucketOf = (region: string, owner: string, role: string): VaultBucketSettings => ({
    region,
    account: owner,
    bucket: bucketName(`${prefix}-${role}-${region}-${owner}`),
    lockDays,
    noncurrentDays,
    logBucket: bucketName(`${prefix}-${role}-logs-${region}-${owner}`),
    logDays: args.logDays,
    keyAlias: `alias/${prefix}-${role}`,
  });
  const iam = (kind: string, name: string) => `arn:aws:iam::${account}:${kind}/${prefix}-${name}`;
  return {
    kind: "aws",
    account,
    regions: [first, ...others].map((region) => bucketOf(region, account, "backup")),
    ...(replica === undefined ? {} : { replica: settleReplica(args, replica, bucketOf) }),
    principals: {
      writer: iam("user", "vault-writer"),
      reader: iam("user", "vault-reader"),
      breakGlass: iam("role", "vault-break-glass"),
    },
    keyGeneration: args.keyGeneration,
    breakGlass: args.breakGlass,
    alarmEmails: args.alarmEmails,
    deletesPerHour: args.deletesPerHour,
    trail: args.trail,
  };
}

function settleReplica(
  { account, regions }: AwsVaultArgs,
  replica: ReplicaArgs,
  bucketOf: (region: string, owner: string, role: string) => VaultBucketSettings,
): NonNullable<AwsVaultSettings["replica"]> {
  const of = replica.of ?? regions[0] ?? "";
  if (!regions.includes(of))
    throw refusal(`replica.of must be one of ${regions.join(", ")}; got ${of}. Mend backup.aws.replica.`);
  if (replica.account === account)
    throw refusal(
      `replica.account is ${account}, the vault's own: whoever takes it over has both. Name another account.`,
    );
  if (replica.region === of) throw refusal(`replica.region is ${of}, the region that it copies. Name another region.`);
  return { ...bucketOf(replica.region, replica.account, "replica"), of, deployRole: replica.deployRole };
}

function bucketName(name: string): string {
  if (name.length > LONGEST_BUCKET_NAME)
    throw refusal(
      `The bucket name ${name} has ${name.length} characters, S3 allows ${LONGEST_BUCKET_NAME}; shorten the stack's name.`,
    );
  return name;
}

/** ARN of a bucket, and of the objects in it. */
export function bucketArns(bucket: string): { readonly bucket: string; readonly objects: string } {
  return { bucket: `arn:aws:s3:::${bucket}`, objects: `arn:aws:s3:::${bucket}/*` };
}

/** Last part of an ARN of IAM: the name that it was made under. */
export function nameIn(arn: string): string {
  return arn.split("/").at(-1) ?? "";
}
