import type { Rule } from "../rule.ts";
import { bucketRule, saidOf } from "./s3.ts";

const FLAGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

/** Every bucket blocks public access, in all four ways. */
export const publicAccess: Rule = bucketRule({
  id: "buckets-block-public-access",
  level: "mandatory",
  must: "every bucket blocks public access, in all four ways",
  why: "one careless policy or ACL publishes the company's books",
  fix: "add a BucketPublicAccessBlock with all four set to true",
  sources: ["CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "CKV2_AWS_6", "AwsSolutions-S2"],
  reads: "BucketPublicAccessBlock",
  findFaults: (bucket, look) => {
    const [block] = saidOf(bucket, "publicAccess", look);
    return FLAGS.filter((flag) => block?.read(flag).flag !== true).map((flag) => `${flag} is not true`);
  },
});
