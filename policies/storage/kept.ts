import { type Rule, when } from "../rule.ts";
import { bucketRule } from "./s3.ts";

/** No bucket is deleted with what is in it, and each is protected. */
export const kept: Rule = bucketRule({
  id: "buckets-are-kept",
  level: "mandatory",
  must: "no bucket is deleted with what is in it, and each is protected",
  why: "`pulumi destroy` of the wrong stack would take the backups too",
  fix: "remove forceDestroy and set protect",
  sources: [],
  reads: "Bucket.forceDestroy, the option protect",
  findFaults: (bucket) => [
    ...when(bucket.read("forceDestroy").flag, "forceDestroy is true"),
    ...when(!bucket.resource.protect, "it is not protected"),
  ],
});
