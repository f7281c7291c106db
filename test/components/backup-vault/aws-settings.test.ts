import { describe, expect, test } from "vitest";

import { bucketArns, nameIn, settleAwsVault } from "../../../components/backup-vault/aws-settings.ts";
import { ACCOUNT, OTHER_ACCOUNT, REPLICA, VAULT } from "./args.ts";

describe("settings", () => {
  test("name everything without asking AWS", () => {
    const { regions, principals, replica } = settleAwsVault(VAULT);
    expect(regions[0]).toEqual({
      region: "eu-central-1",
      account: ACCOUNT,
      bucket: "lab-test-backup-eu-central-1-111122223333",
      lockDays: 30,
      noncurrentDays: 35,
      logBucket: "lab-test-backup-logs-eu-central-1-111122223333",
      logDays: 400,
      keyAlias: "alias/lab-test-backup",
    });
    expect(regions.map(({ region }) => region)).toEqual(VAULT.regions);
    expect(principals).toEqual({
      writer: "arn:aws:iam::111122223333:user/lab-test-vault-writer",
      reader: "arn:aws:iam::111122223333:user/lab-test-vault-reader",
      breakGlass: "arn:aws:iam::111122223333:role/lab-test-vault-break-glass",
    });
    expect(replica).toBeUndefined();
  });

  test("keep versions past a month's end, and past their lock", () => {
    expect(settleAwsVault({ ...VAULT, lockDays: 90 }).regions[0]?.noncurrentDays).toBe(90);
    expect(settleAwsVault({ ...VAULT, noncurrentDays: 200 }).regions[0]?.noncurrentDays).toBe(200);
  });

  test("put the copy into the other account", () => {
    expect(settleAwsVault({ ...VAULT, replica: REPLICA }).replica).toMatchObject({
      of: "eu-central-1",
      region: "us-east-1",
      account: OTHER_ACCOUNT,
      bucket: "lab-test-replica-us-east-1-444455556666",
      lockDays: 30,
    });
    expect(settleAwsVault({ ...VAULT, replica: { ...REPLICA, of: "eu-west-1" } }).replica?.of).toBe("eu-west-1");
  });

  test.each([
    [{ regions: ["eu-central-1", "eu-west-1"] }, "needs 3 regions or more"],
    [{ regions: ["eu-central-1", "eu-west-1", "eu-west-1"] }, "needs 3 regions or more"],
    [{ noncurrentDays: 29 }, "go after 29 days, and the lock keeps them for 30"],
    [{ replica: { ...REPLICA, account: ACCOUNT } }, "replica.account is 111122223333, the vault's own"],
    [{ replica: { ...REPLICA, region: "eu-central-1" } }, "replica.region is eu-central-1, the region that it copies"],
    [{ replica: { ...REPLICA, of: "us-west-2" } }, "replica.of must be one of eu-central-1, eu-west-1, eu-north-1"],
    [{ prefix: "a-very-long-name-of-a-project-prod" }, "S3 allows 63"],
  ])("refuse %j", (changes, sentence) => {
    expect(() => settleAwsVault({ ...VAULT, ...changes })).toThrow(sentence);
  });
});

test("ARNs and the names in them", () => {
  expect(bucketArns("b")).toEqual({ bucket: "arn:aws:s3:::b", objects: "arn:aws:s3:::b/*" });
  expect(nameIn("arn:aws:iam::111122223333:role/lab-x")).toBe("lab-x");
});
