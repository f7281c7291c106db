import { z } from "zod";

import { backupAws } from "./backup-aws.ts";

const cron = z
  .string()
  .regex(/^(\S+ ){4}\S+$/, "must be five fields of cron, such as 0 1 * * 0 for Sundays at one o'clock (UTC)");

/** Backups, and the vault that they lie in. */
export const backup = z.strictObject({
  /** @default false */
  enabled: z.boolean().default(false),
  /** `aws`: S3 in several regions; `local`: S3 servers beside the stack, which go with its machine. @default "local" */
  vault: z.enum(["local", "aws"]).default("local"),
  /** Regions that every backup is written to. */
  regions: z
    .array(z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, "must be a region's name: lower case, digits, hyphens"))
    .min(3)
    .refine((regions) => new Set(regions).size === regions.length, "must name each region once")
    .default(["region-a", "region-b", "region-c"]),
  /** Days for which nobody, an administrator included, deletes what was written. @default 35 */
  lockDays: z.int().min(1).max(3650).default(35),
  /** Which access keys of the vault these are; one more makes all of them anew: `backup --rotate-keys`. @default 1 */
  keyGeneration: z.int().min(1).default(1),
  /** Days after which what was overwritten or deleted goes. @default - lockDays, and 35 at least */
  noncurrentDays: z.int().min(1).max(3650).optional(),
  /** When a backup of each kind is taken: five fields of cron, in UTC. */
  schedule: z
    .strictObject({ full: cron, diff: cron, incr: cron })
    .default({ full: "0 1 * * 0", diff: "0 1 * * 1-6", incr: "30 2-23/4 * * *" }),
  /** Seconds between two snapshots of Odoo's files: what of them a disaster can cost. @default 60 */
  filesEverySeconds: z.int().min(10).max(86_400).default(60),
  /** Seconds between two heartbeat rows, by whose age in a restored copy its loss is measured. @default 5 */
  heartbeatSeconds: z.int().min(1).max(60).default(5),
  /** Newest backups that are kept of as many days, weeks and months. */
  retention: z
    .strictObject({ daily: z.int().min(7), weekly: z.int().min(4), monthly: z.int().min(3) })
    .default({ daily: 7, weekly: 4, monthly: 3 }),
  /** Needed where vault is aws. */
  aws: backupAws.optional(),
});
