import { type Rule, when } from "../rule.ts";
import { bucketRule, saidOf } from "./s3.ts";

/** Every bucket tells of what happens in it. */
export const notifies: Rule = bucketRule({
  id: "buckets-tell-of-events",
  level: "advisory",
  must: "every bucket tells of what happens in it",
  why: "a deletion that nobody hears of is found when a restore fails",
  fix: "add a BucketNotification with eventbridge true, or a topic",
  sources: ["CKV2_AWS_62"],
  reads: "BucketNotification",
  findFaults: (bucket, look) => {
    const [told] = saidOf(bucket, "notification", look);
    const somewhere =
      told?.read("eventbridge").flag === true ||
      ["topics", "queues", "lambdaFunctions"].some((input) => (told?.read(input).items.length ?? 0) > 0);
    return when(!somewhere, "nothing is told");
  },
});
