import { type Rule, when } from "../rule.ts";
import { bucketRule, saidOf } from "./s3.ts";

/** No bucket is a website. */
export const noWebsite: Rule = bucketRule({
  id: "buckets-serve-no-website",
  level: "mandatory",
  must: "no bucket is a website",
  why: "a website is public, without TLS",
  fix: "serve it through the edge",
  sources: ["AwsSolutions-S5"],
  reads: "Bucket.website, BucketWebsiteConfiguration",
  findFaults: (bucket, look) =>
    when(bucket.read("website").present || saidOf(bucket, "website", look).length > 0, "it is a website"),
});
