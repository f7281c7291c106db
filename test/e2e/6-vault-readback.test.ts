import {
  DeleteBucketPolicyCommand,
  DeleteBucketReplicationCommand,
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
import { REPLICA, VAULT } from "../components/backup-vault/args.ts";
import { register } from "../harness/register.ts";
import { encrypt, expire, lock, makeBucket, own, planned, replicate, settle } from "./harness/aws-bucket.ts";
import { Moto } from "./harness/moto.ts";

// moto stands for S3's interface. What AWS itself answers is not shown; `verify` asks it with the operator's credentials.
const ARGS = { ...VAULT, account: Moto.ACCOUNT, replica: REPLICA };

const moto = new Moto();
const vault = settleAwsVault(ARGS);
let plan: Plan;

// Moto keeps nothing of EventBridge, and calls every copy one without deletions: how these are read is shown by
// test/engine/vault/aspects.test.ts.
const faults = async () =>
  (await readBack(plan, vault, moto.clientOf))
    .flatMap((one) => one.faults)
    .filter(
      (fault) => !/telling of events|account is Enabled to \S+ of 444455556666, without what is deleted,/.test(fault),
    );
const { region: REGION = "", bucket: BUCKET = "" } = vault.regions[0] ?? {};
const client = () => moto.clientOf(REGION);
const copies = vault.replica === undefined ? [] : [vault.replica];
const COPY = vault.replica?.bucket ?? "";

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
      [...vault.regions, ...copies].flatMap(({ bucket, logBucket }) => [bucket, logBucket]).sort(),
    );
    for (const { compared, faults } of found) expect(faults.length).toBe(compared.length);
    expect(found.flatMap((one) => one.faults).every((fault) => fault.includes("NoSuchBucket"))).toBe(true);
  });

  it("is the planned one when it was made so", async () => {
    // The copy first: nothing is copied into what isn't there.
    for (const { region, bucket, logBucket, deployRole } of [...copies, ...vault.regions] as (typeof copies)[number][])
      for (const name of [logBucket, bucket]) await makeBucket(moto.clientOf(region, deployRole), plan, region, name);
    expect(await faults()).toEqual([]);
    const compared = (await readBack(plan, vault, moto.clientOf)).find(({ bucket }) => bucket === BUCKET)?.compared;
    expect(compared?.toSorted()).toEqual([
      ...["access log", "block of public access", "copy in another account", "encryption", "lifecycle", "lock"],
      ...["ownership", "policy"],
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

  it("names a copy in the other account that is no copy any more, and that nothing is copied", async () => {
    const theirs = moto.clientOf(REPLICA.region, REPLICA.deployRole);
    await lock(theirs, COPY, 1);
    await client().send(new DeleteBucketReplicationCommand({ Bucket: BUCKET }));
    expect(await faults()).toEqual([
      `${BUCKET}: its copy in another account is not set`,
      `${COPY}: its lock is COMPLIANCE for 1 days, not COMPLIANCE for 30 days`,
    ]);
    await settle(theirs, plan, REPLICA.region, COPY);
    await replicate(client(), plan, BUCKET);
    expect(await faults()).toEqual([]);
  });

  it("of another account is no vault of ours", async () => {
    const other = { ...vault, regions: vault.regions.map((one) => ({ ...one, account: "999988887777" })) };
    const found = await readBack(plan, other, moto.clientOf);
    expect(found.flatMap((one) => one.faults).length).toBeGreaterThan(0);
  });
});
