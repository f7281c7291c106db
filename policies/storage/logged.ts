import { type Rule, when } from "../rule.ts";
import { bucketOf, bucketRule, saidOf, takesLogs } from "./s3.ts";

/** Access to every bucket is logged, to another one. */
export const logged: Rule = bucketRule({
  id: "bucket-access-is-logged",
  level: "mandatory",
  must: "access to every bucket is logged, to another one",
  why: "who read the backups is asked only afterwards",
  fix: "add a BucketLogging with a targetBucket of its own",
  sources: ["CKV_AWS_18", "AwsSolutions-S1"],
  reads: "BucketLogging",
  findFaults: (bucket, look) => {
    if (takesLogs(bucket, look)) return [];
    const [logging] = saidOf(bucket, "logging", look);
    if (logging === undefined) return ["access is not logged"];
    return when(bucketOf(logging, "targetBucket", look).urn === bucket.urn, "it logs to itself");
  },
});
