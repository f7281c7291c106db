import { describe, expect, test } from "vitest";

import {
  breakGlassPolicy,
  breakGlassTrust,
  readerPolicy,
  replicationPolicy,
  serviceTrust,
  writerPolicy,
} from "../../../components/backup-vault/aws-rights.ts";
import { settleAwsVault } from "../../../components/backup-vault/aws-settings.ts";
import { covers, statementsOf } from "../../../policies/storage/statements.ts";
import { Reading } from "../../../policies/subject.ts";
import { VAULT } from "./args.ts";

const { regions } = settleAwsVault(VAULT);
const KEYS = ["arn:aws:kms:eu-central-1:1:key/a"];

/** Actions of a list that a policy allows on something. */
function allowed(policy: string, actions: readonly string[]): string[] {
  const statements = statementsOf(new Reading("policy", policy)).filter(({ effect }) => effect === "Allow");
  return actions.filter((action) => statements.some((statement) => covers(statement, action)));
}

const READS = ["s3:GetObject", "s3:ListBucket", "kms:Decrypt"];
const WRITES = ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "kms:GenerateDataKey"];
const OLD_VERSIONS = ["s3:GetObjectVersion", "s3:ListBucketVersions"];
const DESTROYS = [
  "s3:DeleteObjectVersion",
  "s3:BypassGovernanceRetention",
  "s3:PutBucketVersioning",
  "s3:PutBucketObjectLockConfiguration",
  "s3:PutLifecycleConfiguration",
  "s3:PutBucketPolicy",
  "s3:DeleteBucketPolicy",
  "s3:DeleteBucket",
  "s3:PutObjectRetention",
  "kms:ScheduleKeyDeletion",
  "kms:PutKeyPolicy",
];
const ALL = [...READS, ...WRITES, ...OLD_VERSIONS, ...DESTROYS];

describe("rights", () => {
  test("the writer reads and writes, and ends nothing", () => {
    expect(allowed(writerPolicy(regions, KEYS), ALL)).toEqual([...READS, ...WRITES]);
  });

  test("the reader reads old versions too, and writes nothing", () => {
    expect(allowed(readerPolicy(regions, KEYS), ALL)).toEqual([...READS, ...OLD_VERSIONS]);
  });

  test("the break-glass administrator ends what has to end, and writes nothing", () => {
    expect(allowed(breakGlassPolicy(regions, KEYS), ALL)).toEqual([
      ...READS,
      "s3:DeleteObject",
      ...OLD_VERSIONS,
      ...DESTROYS,
    ]);
  });

  test.each([writerPolicy, readerPolicy, breakGlassPolicy])(
    "%o names every region's bucket, and no other",
    (policy) => {
      const resources = statementsOf(new Reading("policy", policy(regions, KEYS))).flatMap((one) => one.resources);
      expect(resources.filter((arn) => arn.includes("*") && !arn.endsWith("/*"))).toEqual([]);
      for (const { bucket } of regions) expect(resources).toContain(`arn:aws:s3:::${bucket}`);
      expect(new Set(resources).size).toBe(regions.length * 2 + KEYS.length);
    },
  );
});

test("a second factor within the hour opens the glass", () => {
  expect(JSON.parse(breakGlassTrust(["arn:ann"]))).toMatchObject({
    Statement: [
      {
        Principal: { AWS: ["arn:ann"] },
        Condition: {
          Bool: { "aws:MultiFactorAuthPresent": "true" },
          NumericLessThan: { "aws:MultiFactorAuthAge": "3600" },
        },
      },
    ],
  });
});

test("what copies reads versions of the one and writes to the other", () => {
  const policy = replicationPolicy({ bucket: "from" }, { bucket: "to" }, { from: "key-from", to: "key-to" });
  const of = (action: string) =>
    statementsOf(new Reading("policy", policy)).filter((one) => covers(one, action))[0]?.resources;
  expect(of("s3:GetObjectVersionForReplication")).toEqual(["arn:aws:s3:::from/*"]);
  expect(of("s3:ReplicateObject")).toEqual(["arn:aws:s3:::to/*"]);
  expect(of("kms:Decrypt")).toEqual(["key-from"]);
  expect(of("kms:Encrypt")).toEqual(["key-to"]);
  expect(of("s3:DeleteObjectVersion")).toBeUndefined();
});

test("a service takes a role for its own account alone", () => {
  expect(serviceTrust("s3", "1")).toContain('"Condition":{"StringEquals":{"aws:SourceAccount":"1"}}');
});
