import { type Rule, when } from "../rule.ts";
import { bucketRule, isLocked, saidOf, takesLogs } from "./s3.ts";

/** A bucket that takes access logs is not locked, encrypted with S3's own key, and holds nothing else. */
export const logBucket: Rule = bucketRule({
  id: "log-buckets-are-the-named-exception",
  level: "mandatory",
  must: "a bucket that takes access logs is not locked, is encrypted with S3's own key (AES256), and holds nothing else",
  why: "S3 delivers no logs to a bucket with object lock or with a KMS key: they would be lost in silence",
  fix: "take the lock off the log bucket, set its sseAlgorithm to AES256, or log to another one",
  sources: [],
  reads:
    "BucketLogging.targetBucket, Bucket.objectLockEnabled, BucketServerSideEncryptionConfiguration.rules, BucketReplicationConfig",
  findFaults: (bucket, look) => {
    if (!takesLogs(bucket, look)) return [];
    const [rule] = saidOf(bucket, "encryption", look)[0]?.read("rules").items ?? [];
    const algorithm = rule?.at("applyServerSideEncryptionByDefault").at("sseAlgorithm").text ?? "not set";
    return [
      ...when(algorithm !== "AES256", `it takes access logs and its encryption is ${algorithm}, so that none arrive`),
      ...when(isLocked(bucket, look), "it takes access logs and has object lock, so that none arrive"),
      ...when(
        saidOf(bucket, "replication", look).length > 0,
        "it takes access logs and is replicated as if it held backups",
      ),
    ];
  },
});
