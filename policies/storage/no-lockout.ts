import { covers, statementsOf } from "./statements.ts";
import type { Rule } from "../rule.ts";
import { bucketRule, saidOf } from "./s3.ts";

/** No bucket policy denies everything to everybody. */
export const noLockout: Rule = bucketRule({
  id: "bucket-policies-lock-nobody-out",
  level: "mandatory",
  must: "no bucket policy denies everything to everybody",
  why: "only the account's root user could mend it",
  fix: "add a Condition, or name the actions that are denied",
  sources: ["CKV_AWS_93"],
  reads: "BucketPolicy.policy",
  findFaults: (bucket, look) =>
    saidOf(bucket, "policy", look)
      .flatMap((one) => statementsOf(one.read("policy")))
      .filter(
        (one) =>
          one.effect === "Deny" &&
          one.principals.includes("*") &&
          covers(one, "s3:PutBucketPolicy") &&
          one.condition === "{}",
      )
      .map(() => "everybody is denied s3:PutBucketPolicy, without a condition"),
});
