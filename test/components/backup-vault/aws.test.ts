import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";

import { AwsVault } from "../../../components/backup-vault/aws.ts";
import { type Plan, type PlannedResource, resourcesOf, SECRET_SCHEME, TYPES } from "../../../plan/plan.ts";
import { register } from "../../harness/register.ts";
import { REPLICA, VAULT } from "./args.ts";

// Proves what is asked of AWS. That AWS takes it is seen in the read-back of a live vault.

const S3 = (kind: string) => `aws:s3/${kind[0]?.toLowerCase()}${kind.slice(1)}:${kind}`;
let plan: Plan;
let made: AwsVault;

beforeAll(async () => {
  plan = await register(() => {
    made = new AwsVault("vault", { ...VAULT, replica: REPLICA });
  });
});

const named = (type: string, name: string) => {
  const found = resourcesOf(plan, type).find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`no ${type} ${name}`);
  return found;
};
const names = (resources: readonly PlannedResource[]) => resources.map(({ name }) => name).sort();
const VAULTS = ["vault-eu-central-1", "vault-eu-north-1", "vault-eu-west-1", "vault-replica"];

describe("the vault", () => {
  test("has a locked bucket in each region and in the other account, and a log bucket beside each", () => {
    const buckets = resourcesOf(plan, S3("Bucket"));
    expect(names(buckets)).toEqual([...VAULTS, ...VAULTS.map((name) => `${name}-logs`)].sort());
    expect(names(buckets.filter(({ inputs }) => inputs["objectLockEnabled"] === true))).toEqual(VAULTS);
  });

  test("keeps buckets and keys when the stack goes", () => {
    const kept = [...resourcesOf(plan, S3("Bucket")), ...resourcesOf(plan, TYPES.kmsKey)];
    expect(kept).toHaveLength(12);
    expect(names(kept.filter(({ protect, retainOnDelete }) => !protect || !retainOnDelete))).toEqual([]);
  });

  test.each(VAULTS)("%s is locked, versioned and encrypted with the key of its own region", (name) => {
    expect(named(S3("BucketObjectLockConfiguration"), name).inputs).toMatchObject({
      rule: { defaultRetention: { mode: "COMPLIANCE", days: 30 } },
    });
    expect(named(S3("BucketVersioning"), name).inputs).toMatchObject({
      versioningConfiguration: { status: "Enabled" },
    });
    const region = named(S3("Bucket"), name).inputs["region"] as string;
    expect(named(TYPES.kmsKey, name).inputs).toMatchObject({ region, enableKeyRotation: true });
    expect(named(S3("BucketServerSideEncryptionConfiguration"), name).inputs).toMatchObject({
      rules: [{ applyServerSideEncryptionByDefault: { kmsMasterKeyId: `arn:aws:kms:${region}:key/${name}` } }],
    });
  });

  test("reaches each region through a provider of its own, which takes no other account's credentials", () => {
    const providers = resourcesOf(plan, "pulumi:providers:aws");
    expect(providers.map(({ inputs }) => [inputs["region"], inputs["allowedAccountIds"]])).toEqual([
      ["eu-central-1", '["111122223333"]'],
      ["eu-north-1", '["111122223333"]'],
      ["eu-west-1", '["111122223333"]'],
      ["us-east-1", '["444455556666"]'],
    ]);
    expect(providers.at(-1)?.inputs["assumeRoles"]).toContain(REPLICA.deployRole);
  });

  test("copies the first region's bucket within 15 minutes, with its markers, owned by the other account", () => {
    const [replication, ...others] = resourcesOf(plan, S3("BucketReplicationConfig"));
    expect(others).toEqual([]);
    expect(replication?.inputs).toMatchObject({
      bucket: "lab-test-backup-eu-central-1-111122223333",
      rules: [
        {
          deleteMarkerReplication: { status: "Enabled" },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
          destination: {
            bucket: "arn:aws:s3:::lab-test-replica-us-east-1-444455556666",
            account: "444455556666",
            accessControlTranslation: { owner: "Destination" },
            encryptionConfiguration: { replicaKmsKeyId: "arn:aws:kms:us-east-1:key/vault-replica" },
            replicationTime: { status: "Enabled", time: { minutes: 15 } },
          },
        },
      ],
    });
  });

  test("gives keys to hosts as files, marked as secrets", async () => {
    const files = [made.writer.id, made.writer.secret, made.reader.id, made.reader.secret];
    expect(files.map(({ settings: { name } }) => name)).toEqual([
      "vault-writer-id",
      "vault-writer-secret",
      "vault-reader-id",
      "vault-reader-secret",
    ]);
    for (const { settings, value } of files) {
      expect(await pulumi.isSecret(value)).toBe(true);
      expect(await new Promise((resolve) => value.apply(resolve))).toBe(`${SECRET_SCHEME}${settings.name}`);
    }
  });
});

test("other access keys are there before those of before go", async () => {
  const accessKeys = async (keyGeneration: number) => {
    const { resources } = await register(() => {
      new AwsVault("vault", { ...VAULT, keyGeneration });
    });
    return names(resources.filter(({ type }) => type === "aws:iam/accessKey:AccessKey"));
  };
  expect(await accessKeys(1)).toEqual(["vault-reader", "vault-writer"]);
  expect(await accessKeys(2)).toEqual(["vault-reader-2", "vault-writer-2"]);
});

describe("alarms", () => {
  test("of each region go to its own topic, by mail to everybody named", () => {
    expect(resourcesOf(plan, "aws:sns/topic:Topic")).toHaveLength(3);
    expect(
      resourcesOf(plan, "aws:sns/topicSubscription:TopicSubscription").map(({ inputs }) => inputs["endpoint"]),
    ).toEqual(Array<string>(3).fill("ops@example.com"));
    const rules = resourcesOf(plan, "aws:cloudwatch/eventRule:EventRule");
    expect(rules).toHaveLength(12);
    expect(names(resourcesOf(plan, "aws:cloudwatch/eventTarget:EventTarget"))).toEqual(names(rules));
  });

  test("ring when a bucket is changed, a version deleted, the key ended, the glass broken", () => {
    const pattern = (what: string) =>
      named("aws:cloudwatch/eventRule:EventRule", `vault-alarms-eu-west-1-${what}`).inputs["eventPattern"] as string;
    const BUCKETS = ["lab-test-backup-eu-west-1-111122223333", "lab-test-backup-logs-eu-west-1-111122223333"];
    expect(JSON.parse(pattern("changed"))).toMatchObject({ detail: { requestParameters: { bucketName: BUCKETS } } });
    expect(pattern("changed")).toContain('{"prefix":"PutBucket"}');
    expect(JSON.parse(pattern("deleted"))).toMatchObject({
      detail: { bucket: { name: BUCKETS }, "deletion-type": ["Permanently Deleted"] },
    });
    expect(pattern("key")).toContain("arn:aws:kms:eu-west-1:key/vault-eu-west-1");
    expect(pattern("break-glass")).toContain("role/lab-test-vault-break-glass");
  });

  test("listen to a trail of their own, unless an organization's records", async () => {
    const trails = resourcesOf(plan, "aws:cloudtrail/trail:Trail");
    expect(trails.map(({ inputs }) => [inputs["isMultiRegionTrail"], inputs["s3BucketName"]])).toEqual([
      [true, "lab-test-backup-logs-eu-central-1-111122223333"],
    ]);
    const without = await register(() => new AwsVault("vault", { ...VAULT, trail: false }));
    expect(resourcesOf(without, "aws:cloudtrail/trail:Trail")).toEqual([]);
    expect(JSON.stringify(without.resources)).not.toContain("TrailWrites");
  });
});
