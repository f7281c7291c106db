import { type Rule, when } from "../rule.ts";

/** An object that the program puts or copies is encrypted with a key of the company's. */
export const objectKeys: Rule = {
  id: "objects-are-encrypted-with-their-own-key",
  level: "mandatory",
  must: "an object that the program puts or copies is encrypted with a key of the company's",
  why: "an object can choose weaker encryption than its bucket",
  fix: "set kmsKeyId",
  sources: ["CKV_AWS_181", "CKV_AWS_186"],
  reads: "BucketObject.kmsKeyId, BucketObjectv2.kmsKeyId, ObjectCopy.kmsKeyId",
  types: ["aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2", "aws:s3/objectCopy:ObjectCopy"],
  findFaults: (object) => when(!object.read("kmsKeyId").present, "kmsKeyId is not set"),
};
