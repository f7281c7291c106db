import { type Rule, when } from "../rule.ts";
import { bucketRule, saidOf } from "./s3.ts";

/** Every bucket keeps versions. */
export const versioned: Rule = bucketRule({
  id: "buckets-keep-versions",
  level: "mandatory",
  must: "every bucket keeps versions",
  why: "what is overwritten or deleted is gone, and a lock needs versions",
  fix: "add a BucketVersioning with status Enabled",
  sources: ["CKV_AWS_21"],
  reads: "BucketVersioning.versioningConfiguration",
  findFaults: (bucket, look) => {
    const status = saidOf(bucket, "versioning", look)[0]?.read("versioningConfiguration.status").text ?? "not set";
    return when(status !== "Enabled", `versioning is ${status}`);
  },
});
