import { type Rule, when } from "../rule.ts";
import { bucketRule, saidOf } from "./s3.ts";

/** Access control lists are turned off: the bucket's owner owns what is written. */
export const noAcls: Rule = bucketRule({
  id: "buckets-have-no-acls",
  level: "mandatory",
  must: "access control lists are turned off: the bucket's owner owns what is written",
  why: "an object that another account owns can't be restored",
  fix: "add a BucketOwnershipControls with BucketOwnerEnforced",
  sources: ["CKV2_AWS_65"],
  reads: "BucketOwnershipControls.rule",
  findFaults: (bucket, look) => {
    const ownership = saidOf(bucket, "ownership", look)[0]?.read("rule.objectOwnership").text ?? "not set";
    return when(ownership !== "BucketOwnerEnforced", `objectOwnership is ${ownership}`);
  },
});
