import { type Rule, when } from "../rule.ts";
import { bucketRule, isLocked, takesLogs } from "./s3.ts";

/** Every bucket is locked against deletion; one that takes access logs can't be. */
export const locked: Rule = bucketRule({
  id: "backups-are-locked",
  level: "mandatory",
  must: "every bucket is locked against deletion; one that takes access logs can't be",
  why: "with the writer's key an intruder deletes the backups first",
  fix: "set objectLockEnabled on the bucket and add a BucketObjectLockConfiguration",
  sources: ["CKV_AWS_143"],
  reads: "Bucket.objectLockEnabled, BucketObjectLockConfiguration, BucketLogging.targetBucket",
  findFaults: (bucket, look) => when(!takesLogs(bucket, look) && !isLocked(bucket, look), "object lock is not enabled"),
});
