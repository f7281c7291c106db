import { endings } from "./lifecycle.ts";
import type { Rule } from "../rule.ts";
import { bucketRule, lifecycleRules, takesLogs } from "./s3.ts";

const LEAST_DAYS = 35;

/** What is overwritten or deleted stays for 35 days or more. */
export const retentionFloor: Rule = bucketRule({
  id: "backups-outlive-a-month-end",
  level: "mandatory",
  must: "what is overwritten or deleted stays for 35 days or more",
  why: "a wrong posting of the month's end is found only at the next one",
  fix: "raise noncurrentDays and expiration.days to 35 or more",
  sources: [],
  reads: "BucketLifecycleConfiguration.rules",
  findFaults: (bucket, look) =>
    takesLogs(bucket, look)
      ? []
      : endings(lifecycleRules(bucket, look))
          .filter(([, days]) => days < LEAST_DAYS)
          .map(([what, days]) => `${what} expire after ${days} days`),
});
