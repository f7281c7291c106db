import { z } from "zod";

const account = z.string().regex(/^\d{12}$/, "must be an AWS account: 12 digits, in quotes");
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS region such as eu-central-1");
const iamArn = z
  .string()
  .regex(
    /^arn:aws:iam::\d{12}:(user|role|root)(\/\S+)?$/,
    "must be the ARN of a user or role: arn:aws:iam::<account>:…",
  );
const role = z.string().regex(/^arn:aws:iam::\d{12}:role\/\S+$/, "must be the ARN of a role");

/** The vault on AWS. */
export const backupAws = z.strictObject({
  /** Account that holds the vault; credentials of any other one are refused. */
  account,
  /** Role that deploys it. @default - the credentials' own rights */
  deployRole: role.optional(),
  /** Who may become the vault's break-glass administrator, with a second factor. */
  breakGlass: z.array(iamArn).min(1),
  /** Who is told when a bucket is changed, a version deleted, the key ended, the glass broken. Each confirms by mail. */
  alarmEmails: z.array(z.email("must be an e-mail address")).min(1),
  /** Deletions of a region in an hour that are more than retention ever makes. @default 5000 */
  deletesPerHour: z.int().min(1).default(5000),
  /** Days for which access logs are kept. @default 400 */
  logDays: z.int().min(90).default(400),
  /**
   * Record API calls with a trail of its own; false where an organization's trail records them: alarms on changes listen
   * to one.
   *
   * @default true
   */
  trail: z.boolean().default(true),
  /** A copy in another account and region, within 15 minutes of every write. @default - none */
  replica: z
    .strictObject({
      account,
      region,
      /** Role in that account that makes the copy's bucket and key. */
      deployRole: role,
      /** Region that is copied. @default - the first of backup.regions */
      of: region.optional(),
    })
    .optional(),
});

/** Names of regions as AWS writes them. */
export const isAwsRegion = (name: string): boolean => region.safeParse(name).success;
