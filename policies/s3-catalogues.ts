import type { Item } from "./cis-docker.ts";

const item = (id: string, title: string, ...rules: readonly string[]): Item => ({
  id,
  title,
  treatment: rules.map((rule) => ({ rule })),
});

/** Every check of Checkov (3.3) that looks at S3. */
export const CHECKOV_S3: readonly Item[] = [
  item("CKV_AWS_18", "Access logging", "bucket-access-is-logged"),
  item("CKV_AWS_19", "Encryption at rest", "buckets-are-encrypted-with-their-own-key"),
  item("CKV_AWS_20", "No public READ ACL", "no-acl-opens-a-bucket"),
  item("CKV_AWS_21", "Versioning", "buckets-keep-versions"),
  item("CKV_AWS_53", "Public ACLs are blocked", "buckets-block-public-access"),
  item("CKV_AWS_54", "Public policies are blocked", "buckets-block-public-access"),
  item("CKV_AWS_55", "Public ACLs are ignored", "buckets-block-public-access"),
  item("CKV_AWS_56", "Public buckets are restricted", "buckets-block-public-access"),
  item("CKV_AWS_57", "No public WRITE ACL", "no-acl-opens-a-bucket"),
  item("CKV_AWS_70", "No policy for any principal", "bucket-policies-name-who-may"),
  item("CKV_AWS_93", "No policy locks all out but root", "bucket-policies-lock-nobody-out"),
  item("CKV_AWS_143", "Object lock", "backups-are-locked"),
  item("CKV_AWS_144", "Replication to another region", "backups-lie-in-several-regions"),
  item("CKV_AWS_145", "Encryption with KMS", "buckets-are-encrypted-with-their-own-key"),
  item(
    "CKV_AWS_181",
    "Copied objects are encrypted with a key of one's own",
    "objects-are-encrypted-with-their-own-key",
  ),
  item("CKV_AWS_186", "Objects are encrypted with a key of one's own", "objects-are-encrypted-with-their-own-key"),
  item("CKV_AWS_300", "Unfinished uploads are aborted", "unfinished-uploads-are-removed"),
  item("CKV_AWS_379", "Transport is secure", "buckets-speak-tls-alone"),
  item("CKV_AWS_392", "Access points block public access", "access-points-block-public-access"),
  item("CKV2_AWS_6", "There is a public access block", "buckets-block-public-access"),
  item("CKV2_AWS_43", "No ACL for all authenticated users", "no-acl-opens-a-bucket"),
  item("CKV2_AWS_61", "There is a life cycle", "buckets-have-a-life-cycle"),
  item("CKV2_AWS_62", "Events are told", "buckets-tell-of-events"),
  item("CKV2_AWS_65", "ACLs are turned off", "buckets-have-no-acls"),
];

/** Every rule of cdk-nag's AwsSolutions pack that looks at S3. */
export const CDK_NAG_S3: readonly Item[] = [
  item("AwsSolutions-S1", "Access logs", "bucket-access-is-logged"),
  item("AwsSolutions-S2", "Public access is blocked", "buckets-block-public-access"),
  item("AwsSolutions-S5", "Website buckets", "buckets-serve-no-website"),
  item("AwsSolutions-S10", "Requests use TLS", "buckets-speak-tls-alone"),
];

/** What neither of them looks at. */
export const BEYOND_S3: readonly Item[] = [
  item("lock mode and days", "COMPLIANCE, 30 days or more", "locks-hold-for-everybody"),
  item("lock within retention", "A lock ends before versions expire", "locks-end-before-versions-expire"),
  item("replica apart", "Another region and another account", "replicas-are-in-another-region-and-account"),
  item("writers", "Whoever writes deletes no versions", "writers-delete-no-versions"),
  item("key's region", "The key is where the bucket is", "keys-are-in-the-buckets-region"),
  item("log bucket", "The one bucket that must not be locked", "log-buckets-are-the-named-exception"),
];
