import { type Rule, when } from "../rule.ts";
import { BUCKETS, bucketRule, isLocked, regionOf, saidOf, takesLogs } from "./s3.ts";

/** Every locked bucket has a copy in another region: a replica, or a locked bucket that is written to as well. */
export const copyElsewhere: Rule = bucketRule({
  id: "backups-lie-in-several-regions",
  level: "mandatory",
  must: "every locked bucket has a copy in another region: a replica, or a locked bucket that is written to as well",
  why: "a region that burns takes the only copy with it",
  fix: "add a bucket in another region, or a BucketReplicationConfig to one",
  sources: ["CKV_AWS_144"],
  reads: "Bucket.region, BucketReplicationConfig",
  findFaults: (bucket, look) => {
    if (takesLogs(bucket, look) || !isLocked(bucket, look)) return [];
    const own = regionOf(bucket);
    if (own === undefined) return ["region is not set, so that nobody can tell where it lies"];
    const locked = look.grouped("s3 locked regions", BUCKETS, (one) =>
      isLocked(one, look) && !takesLogs(one, look) ? [regionOf(one) ?? ""] : [],
    );
    const elsewhere = [...locked.keys()].some((region) => region !== "" && region !== own);
    return when(!elsewhere && saidOf(bucket, "replication", look).length === 0, `there is no copy outside ${own}`);
  },
});
