import { type Rule, when } from "../rule.ts";
import { bucketRule, lifecycleRules } from "./s3.ts";

/** Parts of uploads that were never finished are removed within 7 days. */
export const abortsUploads: Rule = bucketRule({
  id: "unfinished-uploads-are-removed",
  level: "mandatory",
  must: "parts of uploads that were never finished are removed within 7 days",
  why: "they are paid for, and no listing shows them",
  fix: "add abortIncompleteMultipartUpload with daysAfterInitiation 7 or less to a rule for the whole bucket",
  sources: ["CKV_AWS_300"],
  reads: "BucketLifecycleConfiguration.rules",
  findFaults: (bucket, look) => {
    const days = lifecycleRules(bucket, look).flatMap(
      (rule) => rule.at("abortIncompleteMultipartUpload").at("daysAfterInitiation").number ?? [],
    );
    return when(!days.some((one) => one <= 7), "no rule removes unfinished uploads within 7 days");
  },
});
