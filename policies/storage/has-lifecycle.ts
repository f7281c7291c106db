import { endings } from "./lifecycle.ts";
import { type Rule, when } from "../rule.ts";
import { bucketRule, lifecycleRules } from "./s3.ts";

/** Every bucket says when old versions end. */
export const hasLifecycle: Rule = bucketRule({
  id: "buckets-have-a-life-cycle",
  level: "mandatory",
  must: "every bucket says when old versions end",
  why: "a bucket that only grows is emptied by hand one day, in a hurry",
  fix: "add a BucketLifecycleConfiguration with noncurrentVersionExpiration",
  sources: ["CKV2_AWS_61"],
  reads: "BucketLifecycleConfiguration.rules",
  findFaults: (bucket, look) =>
    when(endings(lifecycleRules(bucket, look)).length === 0, "no enabled rule lets anything expire"),
});
