import type { AwsVaultArgs } from "../../../components/backup-vault/aws-settings.ts";

export const ACCOUNT = "111122223333";
export const OTHER_ACCOUNT = "444455556666";

/** What a vault of the lab is made from. */
export const VAULT: AwsVaultArgs = {
  prefix: "lab-test",
  account: ACCOUNT,
  regions: ["eu-central-1", "eu-west-1", "eu-north-1"],
  keyGeneration: 1,
  lockDays: 30,
  logDays: 400,
  breakGlass: [`arn:aws:iam::${ACCOUNT}:user/ann`],
  alarmEmails: ["ops@example.com"],
  deletesPerHour: 5000,
  trail: true,
};

export const REPLICA = {
  account: OTHER_ACCOUNT,
  region: "us-east-1",
  deployRole: `arn:aws:iam::${OTHER_ACCOUNT}:role/deploy`,
};
