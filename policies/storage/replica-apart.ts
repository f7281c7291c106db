import type { Subject } from "../subject.ts";
import { type Rule, when } from "../rule.ts";
import { BUCKETS, bucketRule, regionOf, saidOf } from "./s3.ts";

/** ARNs that a bucket may be named by. */
function arnsOf(bucket: Subject): readonly string[] {
  return [`arn:aws:s3:::${bucket.read("bucket").text ?? bucket.name}`];
}

/** A replica is in another region and in another account, which owns it. */
export const replicaApart: Rule = bucketRule({
  id: "replicas-are-in-another-region-and-account",
  level: "mandatory",
  must: "a replica is in another region and in another account, which owns it",
  why: "whoever takes over the account deletes both copies",
  fix: "set destination.account and accessControlTranslation.owner, and a bucket with another region",
  sources: [],
  reads: "BucketReplicationConfig.rules; Bucket.region of a replica that is in the plan too",
  findFaults: (bucket, look) =>
    saidOf(bucket, "replication", look)
      .flatMap((one) => one.read("rules").items)
      .flatMap((rule) => {
        const to = rule.at("destination");
        const arn = to.at("bucket").word;
        const target = look.grouped("s3 bucket arns", BUCKETS, arnsOf).get(arn)?.[0];
        return [
          ...when(to.at("account").text === undefined, "the replica is in the same account"),
          ...when(to.at("accessControlTranslation").at("owner").text !== "Destination", "the source owns the replica"),
          ...when(
            target !== undefined && regionOf(target) === regionOf(bucket),
            `the replica is in ${regionOf(bucket) ?? "the same region"} too`,
          ),
        ];
      }),
});
