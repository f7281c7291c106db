import { type Rule, when } from "../rule.ts";
import { bucketRule, saidOf, takesLogs } from "./s3.ts";

/** Every bucket is encrypted with a key of the company's; one that takes access logs can't be. */
export const encrypted: Rule = bucketRule({
  id: "buckets-are-encrypted-with-their-own-key",
  level: "mandatory",
  must: "every bucket is encrypted with a key of the company's; one that takes access logs can't be",
  why: "who reads the disk, or a copy of the bucket, needs a second right",
  fix: "add a BucketServerSideEncryptionConfiguration with aws:kms and a kmsMasterKeyId",
  sources: ["CKV_AWS_19", "CKV_AWS_145"],
  reads: "BucketServerSideEncryptionConfiguration.rules, BucketLogging.targetBucket",
  findFaults: (bucket, look) => {
    if (takesLogs(bucket, look)) return [];
    const [rule] = saidOf(bucket, "encryption", look)[0]?.read("rules").items ?? [];
    const own = rule?.at("applyServerSideEncryptionByDefault");
    const algorithm = own?.at("sseAlgorithm").text ?? "not set";
    return [
      ...when(!algorithm.startsWith("aws:kms"), `encryption is ${algorithm}`),
      ...when(
        algorithm.startsWith("aws:kms") && own?.at("kmsMasterKeyId").present !== true,
        "it names no kmsMasterKeyId",
      ),
    ];
  },
});
