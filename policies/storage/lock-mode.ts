import { type Rule, when } from "../rule.ts";
import { bucketRule, isLocked, lockDays, saidOf, takesLogs } from "./s3.ts";

const LEAST_DAYS = 30;

/** A lock is in COMPLIANCE mode and holds for 30 days or more. */
export const lockMode: Rule = bucketRule({
  id: "locks-hold-for-everybody",
  level: "mandatory",
  must: "a lock is in COMPLIANCE mode and holds for 30 days or more",
  why: "GOVERNANCE is lifted by whoever has one more right, and a few days are shorter than an intrusion lasts unseen",
  fix: "set defaultRetention to mode COMPLIANCE and days 30 or more",
  sources: [],
  reads: "BucketObjectLockConfiguration.rule",
  findFaults: (bucket, look) => {
    if (takesLogs(bucket, look) || !isLocked(bucket, look)) return [];
    const mode = saidOf(bucket, "lock", look)[0]?.read("rule.defaultRetention").at("mode").text ?? "not set";
    const days = lockDays(bucket, look);
    return [
      ...when(mode !== "COMPLIANCE", `the lock's mode is ${mode}`),
      ...when(days < LEAST_DAYS, `it holds for ${days} days`),
    ];
  },
});
