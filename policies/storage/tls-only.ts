import { statementsOf } from "./statements.ts";
import { type Rule, when } from "../rule.ts";
import { bucketRule, saidOf } from "./s3.ts";

/** Every bucket refuses requests without TLS. */
export const bucketTls: Rule = bucketRule({
  id: "buckets-speak-tls-alone",
  level: "mandatory",
  must: "every bucket refuses requests without TLS",
  why: "credentials and data would cross the network in the open",
  fix: "add a BucketPolicy that denies s3:* where aws:SecureTransport is false",
  sources: ["CKV_AWS_379", "AwsSolutions-S10"],
  reads: "BucketPolicy.policy",
  findFaults: (bucket, look) => {
    const denies = saidOf(bucket, "policy", look)
      .flatMap((one) => statementsOf(one.read("policy")))
      .some(
        (one) =>
          one.effect === "Deny" &&
          one.principals.includes("*") &&
          one.actions.includes("s3:*") &&
          /"Bool":\{"aws:SecureTransport":\[?"?false/i.test(one.condition),
      );
    return when(!denies, "no policy denies requests without TLS");
  },
});
