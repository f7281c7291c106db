import { describe, expect, test } from "vitest";

import { readConfig } from "../../stacks/config.ts";
import { inputsOf } from "../harness/plans.ts";

type Settings = { readonly [key: string]: unknown };

const AWS = {
  account: "111122223333",
  breakGlass: ["arn:aws:iam::111122223333:user/ann"],
  alarmEmails: ["ops@example.com"],
};
const REGIONS = ["eu-central-1", "eu-west-1", "eu-north-1"];
const ON_AWS = { enabled: true, vault: "aws", regions: REGIONS, aws: AWS };

/** Backup's settings of a stack that is dev otherwise. */
function read(backup: Settings) {
  const config = { ...inputsOf("dev").config, "odoo-platform:backup": JSON.stringify(backup) };
  return readConfig("odoo-platform", "dev", config).backup;
}

function faults(backup: Settings): string[] {
  try {
    read(backup);
  } catch (error) {
    const lines = (error as Error).message.split("\n").slice(1, -1);
    return lines.map((line) => line.replace("  - ", ""));
  }
  return [];
}

test("a vault on AWS is complete with an account, who breaks the glass, and who is told", () => {
  expect(read(ON_AWS)).toMatchObject({
    lockDays: 35,
    aws: { ...AWS, deletesPerHour: 5000, logDays: 400, trail: true },
  });
});

describe("one fault, one sentence", () => {
  test.each<[Settings, string]>([
    [{ ...ON_AWS, aws: undefined }, "backup.aws: is needed where vault is aws"],
    [
      { ...ON_AWS, regions: ["region-a", "region-b", "region-c"] },
      'backup.regions: must be AWS regions such as eu-central-1 where vault is aws; got ["region-a","region-b","region-c"]',
    ],
    [
      { ...ON_AWS, regions: [...REGIONS, "eu-west-1"] },
      'backup.regions: must name each region once; got ["eu-central-1","eu-west-1","eu-north-1","eu-west-1"]',
    ],
    [
      { ...ON_AWS, lockDays: 60, noncurrentDays: 59 },
      "backup.noncurrentDays: must be at least lockDays: nothing goes before its lock ends; got 59",
    ],
    [{ ...ON_AWS, lockDays: 0 }, "backup.lockDays: must be 1 or more; got 0"],
    [{ ...ON_AWS, aws: { ...AWS, account: 111122223333 } }, "backup.aws.account: must be text; got 111122223333"],
    [
      { ...ON_AWS, aws: { ...AWS, account: "1111" } },
      'backup.aws.account: must be an AWS account: 12 digits, in quotes; got "1111"',
    ],
    [
      { ...ON_AWS, aws: { ...AWS, breakGlass: ["ann"] } },
      'backup.aws.breakGlass.0: must be the ARN of a user or role: arn:aws:iam::<account>:…; got "ann"',
    ],
    [
      { ...ON_AWS, aws: { ...AWS, replica: { account: "444455556666", region: "us", deployRole: "x" } } },
      'backup.aws.replica.region: must be an AWS region such as eu-central-1; got "us"',
    ],
  ])("%j", (settings, sentence) => {
    expect(faults(settings)).toContain(sentence);
  });

  test("two regions are too few", () => {
    expect(faults({ ...ON_AWS, regions: REGIONS.slice(1) })).toHaveLength(1);
    expect(faults({ ...ON_AWS, regions: REGIONS.slice(1) })[0]).toMatch(/^backup\.regions: /);
  });
});
