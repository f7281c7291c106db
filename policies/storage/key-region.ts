import { type Rule, when } from "../rule.ts";
import { bucketRule, regionOf, saidOf } from "./s3.ts";

/** The key that a bucket is encrypted with is in the bucket's region. */
export const keyRegion: Rule = bucketRule({
  id: "keys-are-in-the-buckets-region",
  level: "mandatory",
  must: "the key that a bucket is encrypted with is in the bucket's region",
  why: "a key elsewhere can't be used; in a disaster there is no key where the copy is",
  fix: "name a key of the bucket's region, or a replica of a multi-region key",
  sources: [],
  reads: "BucketServerSideEncryptionConfiguration.rules, Bucket.region",
  findFaults: (bucket, look) =>
    saidOf(bucket, "encryption", look)
      .flatMap((one) => one.read("rules").items)
      .flatMap((rule) => {
        const key = rule.at("applyServerSideEncryptionByDefault").at("kmsMasterKeyId").word;
        const [, region] = /^arn:[a-z-]+:kms:([a-z0-9-]+):/.exec(key) ?? [];
        const own = regionOf(bucket);
        return when(
          region !== undefined && own !== undefined && region !== own,
          `the key is in ${region}, the bucket in ${own}`,
        );
      }),
});
