import { type Rule, when } from "../rule.ts";
import { bucketRule, isLocked, saidOf, takesLogs } from "./s3.ts";

/** A bucket that takes access logs is not locked, and holds nothing else. */
export const logBucket: Rule = bucketRule({
  id: "log-buckets-are-the-named-exception",
  level: "mandatory",
  must: "a bucket that takes access logs is not locked, and holds nothing else",
  why: "S3 delivers no logs to a bucket with object lock: they would be lost in silence",
  fix: "take the lock off the log bucket, or log to another one",
  sources: [],
  reads: "BucketLogging.targetBucket, Bucket.objectLockEnabled, BucketReplicationConfig",
  findFaults: (bucket, look) => {
    if (!takesLogs(bucket, look)) return [];
    return [
      ...when(isLocked(bucket, look), "it takes access logs and has object lock, so that none arrive"),
      ...when(
        saidOf(bucket, "replication", look).length > 0,
        "it takes access logs and is replicated as if it held backups",
      ),
    ];
  },
});
