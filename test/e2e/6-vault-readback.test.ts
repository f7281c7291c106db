import {
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  PutBucketLoggingCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { settleAwsVault } from "../../components/backup-vault/aws-settings.ts";
import { AwsVault } from "../../components/backup-vault/aws.ts";
import { readBack } from "../../engine/vault/read-back.ts";
import type { Plan } from "../../plan/plan.ts";
import { VAULT } from "../components/backup-vault/args.ts";
import { register } from "../harness/register.ts";
import { encrypt, expire, lock, makeBucket, own, planned, settle } from "./harness/aws-bucket.ts";
import { Moto } from "./harness/moto.ts";

// moto stands for S3's interface. What AWS itself answers is not shown; `verify` asks it with the operator's credentials.
const ARGS = { ...VAULT, account: Moto.ACCOUNT };

const moto = new Moto();
const vault = settleAwsVault(ARGS);
let plan: Plan;

// Moto keeps nothing of EventBridge: test/engine/vault/aspects.test.ts shows how that is read.
const faults = async () =>
  (await readBack(plan, vault, moto.clientOf))
    .flatMap((one) => one.faults)
    .filter((fault) => !fault.includes("telling of events"));
const { region: REGION = "", bucket: BUCKET = "" } = vault.regions[0] ?? {};
const client = () => moto.clientOf(REGION);

beforeAll(async () => {
  await moto.start();
  plan = await register(() => {
    new AwsVault("vault", ARGS);
  });
});
afterAll(() => {
  moto.stop();
});

describe("a vault that is read back", () => {
  it("that isn't there says so of each bucket", async () => {
    const found = await readBack(plan, vault, moto.clientOf);
    expect(found.map(({ bucket }) => bucket).sort()).toEqual(
      vault.regions.flatMap(({ bucket, logBucket }) => [bucket, logBucket]).sort(),
    );
    for (const { compared, faults } of found) expect(faults.length).toBe(compared.length);
    expect(found.flatMap((one) => one.faults).every((fault) => fault.includes("NoSuchBucket"))).toBe(true);
  });

  it("is the planned one when it was made so", async () => {
    for (const { region, bucket, logBucket } of vault.regions)
      for (const name of [logBucket, bucket]) await makeBucket(moto.clientOf(region), plan, region, name);
    expect(await faults()).toEqual([]);
    const compared = (await readBack(plan, vault, moto.clientOf)).find(({ bucket }) => bucket === BUCKET)?.compared;
    expect(compared?.toSorted()).toEqual([
      ...["access log", "block of public access", "encryption", "lifecycle", "lock", "ownership", "policy"],
      ...["telling of events", "versioning"],
    ]);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    [
      "versioning suspended",
      () =>
        client().send(
          new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: "Suspended" } }),
        ),
      "its versioning is Suspended, not Enabled",
    ],
    [
      "a shorter lock",
      () => lock(client(), BUCKET, 1),
      "its lock is COMPLIANCE for 1 days, not COMPLIANCE for 30 days",
    ],
    [
      "a key of AWS's own",
      () => encrypt(client(), BUCKET, "AES256"),
      "its encryption is AES256, not aws:kms with a key of eu-central-1",
    ],
    [
      "a key of another region",
      () => encrypt(client(), BUCKET, "aws:kms", "us-east-1"),
      "its encryption is aws:kms with a key of us-east-1, not aws:kms with a key of eu-central-1",
    ],
    [
      "the public let in",
      () => client().send(new DeletePublicAccessBlockCommand({ Bucket: BUCKET })),
      "its block of public access is not set",
    ],
    [
      "objects of others",
      () => own(client(), BUCKET, "ObjectWriter"),
      "its ownership is ObjectWriter, not BucketOwnerEnforced",
    ],
    ["no policy", () => client().send(new DeleteBucketPolicyCommand({ Bucket: BUCKET })), "its policy is not set"],
    [
      "a policy that lacks a statement",
      async () => {
        const policy = JSON.parse(String(planned(plan, "BucketPolicy", BUCKET)["policy"])) as {
          Statement: { Condition?: unknown }[];
        };
        policy.Statement.pop();
        await client().send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: JSON.stringify(policy) }));
      },
      "its policy is not the planned one",
    ],
    ["versions that go sooner", () => expire(client(), plan, BUCKET, 2), "its lifecycle is not the planned one"],
    [
      "no access log",
      () => client().send(new PutBucketLoggingCommand({ Bucket: BUCKET, BucketLoggingStatus: {} })),
      "its access log is not set",
    ],
  ])("names %s, and nothing else", async (_what, change, sentence) => {
    await change();
    expect(await faults()).toEqual([`${BUCKET}: ${sentence}`]);
    await settle(client(), plan, REGION, BUCKET);
    expect(await faults()).toEqual([]);
  });

  it("of another account is no vault of ours", async () => {
    const other = { regions: vault.regions.map((one) => ({ ...one, account: "999988887777" })) };
    const found = await readBack(plan, other, moto.clientOf);
    expect(found.flatMap((one) => one.faults).length).toBeGreaterThan(0);
  });
});
