import { statementsOf } from "./statements.ts";
import type { Rule } from "../rule.ts";
import { bucketRule, saidOf } from "./s3.ts";

/** No bucket policy allows everybody. */
export const namedPrincipals: Rule = bucketRule({
  id: "bucket-policies-name-who-may",
  level: "mandatory",
  must: "no bucket policy allows everybody",
  why: "public access blocks can be lifted; a policy that names nobody then opens the bucket",
  fix: "name accounts or roles in Principal",
  sources: ["CKV_AWS_70"],
  reads: "BucketPolicy.policy",
  findFaults: (bucket, look) =>
    saidOf(bucket, "policy", look)
      .flatMap((one) => statementsOf(one.read("policy")))
      .filter(({ effect, principals }) => effect === "Allow" && principals.some((who) => who === "*"))
      .map(({ actions }) => `everybody may ${actions.join(", ")}`),
});
