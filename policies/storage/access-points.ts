import type { Rule } from "../rule.ts";

/** Every access point blocks public access, in all four ways. */
export const accessPoints: Rule = {
  id: "access-points-block-public-access",
  level: "mandatory",
  must: "every access point blocks public access, in all four ways",
  why: "an access point is a door of its own beside the bucket's",
  fix: "set publicAccessBlockConfiguration with all four true",
  sources: ["CKV_AWS_392"],
  reads: "AccessPoint.publicAccessBlockConfiguration",
  types: ["aws:s3/accessPoint:AccessPoint"],
  findFaults: (point) =>
    ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"]
      .filter((flag) => !point.read("publicAccessBlockConfiguration").at(flag).flag)
      .map((flag) => `${flag} is not true`),
};
