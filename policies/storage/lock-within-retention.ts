import { endings } from "./lifecycle.ts";
import type { Rule } from "../rule.ts";
import { bucketRule, lifecycleRules, lockDays } from "./s3.ts";

/** A lock ends before the life cycle wants to delete what it holds. */
export const lockWithinRetention: Rule = bucketRule({
  id: "locks-end-before-versions-expire",
  level: "mandatory",
  must: "a lock ends before the life cycle wants to delete what it holds",
  why: "S3 keeps what it was told to delete, and nobody knows why the bucket grows",
  fix: "make noncurrentDays and expiration.days no shorter than the lock",
  sources: [],
  reads: "BucketObjectLockConfiguration.rule, BucketLifecycleConfiguration.rules",
  findFaults: (bucket, look) => {
    const days = lockDays(bucket, look);
    return endings(lifecycleRules(bucket, look))
      .filter(([, after]) => after < days)
      .map(([what, after]) => `${what} expire after ${after} days, and the lock holds for ${days}`);
  },
});
