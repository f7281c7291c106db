import type { Look } from "../look.ts";
import type { Rule } from "../rule.ts";
import { type Subject, Undecided } from "../subject.ts";

/** A type of @pulumi/aws, with the name that it had while both generations lived side by side. */
function s3(name: string): readonly string[] {
  const token = (kind: string) => `aws:s3/${kind[0]?.toLowerCase()}${kind.slice(1)}:${kind}`;
  return [token(name), token(`${name}V2`)];
}

/** Buckets. */
export const BUCKETS = s3("Bucket");

/** Resources that each say one thing of a bucket. */
export const KINDS = {
  versioning: s3("BucketVersioning"),
  lock: s3("BucketObjectLockConfiguration"),
  encryption: s3("BucketServerSideEncryptionConfiguration"),
  publicAccess: s3("BucketPublicAccessBlock"),
  ownership: s3("BucketOwnershipControls"),
  acl: s3("BucketAcl"),
  policy: s3("BucketPolicy"),
  lifecycle: s3("BucketLifecycleConfiguration"),
  logging: s3("BucketLogging"),
  notification: s3("BucketNotification"),
  replication: s3("BucketReplicationConfig"),
  website: s3("BucketWebsiteConfiguration"),
} as const;

/** A rule about buckets, which are judged one by one with all that is said of them. */
export function bucketRule(rule: Omit<Rule, "types">): Rule {
  return { ...rule, types: BUCKETS };
}

/** What a plan says of a bucket in resources of a kind. */
export function saidOf(bucket: Subject, kind: keyof typeof KINDS, look: Look): readonly Subject[] {
  const byBucket = look.grouped(`s3 ${kind}`, KINDS[kind], (one) => [bucketOf(one, "bucket", look).urn]);
  return byBucket.get(bucket.urn) ?? [];
}

/** True for a bucket that others write their access logs to. */
export function takesLogs(bucket: Subject, look: Look): boolean {
  return look
    .grouped("s3 log targets", KINDS.logging, (one) => [bucketOf(one, "targetBucket", look).urn])
    .has(bucket.urn);
}

/**
 * The bucket that an input names: by its name or id, else by the only bucket that the resource depends on.
 *
 * @throws Undecided where only the deployment will tell.
 */
export function bucketOf(subject: Subject, input: string, look: Look): Subject {
  const candidates = subject.resource.dependencies.flatMap((urn) => {
    const found = look.at(urn);
    return found !== undefined && BUCKETS.includes(found.type) ? [found] : [];
  });
  const given = subject.read(input);
  const name = given.known ? given.text : undefined;
  const [named] = look.grouped("s3 buckets", BUCKETS, namesOf).get(name ?? "") ?? [];
  const found = named ?? (candidates.length === 1 ? candidates[0] : undefined);
  if (found === undefined) throw new Undecided(`the bucket of ${subject.name}`);
  return found;
}

/** The name of a bucket, and the id that an evaluation in process gives in its place. */
function namesOf(bucket: Subject): readonly string[] {
  const own = bucket.read("bucket").text;
  return [`${bucket.name}-id`, ...(own === undefined ? [bucket.name] : [own])];
}

/** Where a bucket lies; undefined where it leaves that to the provider. */
export function regionOf(bucket: Subject): string | undefined {
  return bucket.read("region").text;
}

/** True where versions can't be deleted before their time. */
export function isLocked(bucket: Subject, look: Look): boolean {
  return bucket.read("objectLockEnabled").flag || saidOf(bucket, "lock", look).length > 0;
}

/** Days for which a locked bucket keeps every version; 0 where it has no such rule. */
export function lockDays(bucket: Subject, look: Look): number {
  const kept = saidOf(bucket, "lock", look).map((lock) => lock.read("rule.defaultRetention"));
  return Math.max(0, ...kept.map((retention) => retention.at("days").amount + retention.at("years").amount * 365));
}

/** Enabled rules of a bucket's life cycle. */
export function lifecycleRules(bucket: Subject, look: Look): readonly ReturnType<Subject["read"]>[] {
  return saidOf(bucket, "lifecycle", look)
    .flatMap((one) => one.read("rules").items)
    .filter((rule) => rule.at("status").text === "Enabled");
}
