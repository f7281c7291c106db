import { z } from "zod";

import { backupAws } from "./backup-aws.ts";

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
  /** Days after which what was overwritten or deleted goes. @default - lockDays, and 35 at least */
  noncurrentDays: z.int().min(1).max(3650).optional(),
  /** Needed where vault is aws. */
  aws: backupAws.optional(),
});
