import { z } from "zod";

/** The web shell. Needs sign-on. */
export const shell = z.strictObject({
  /** @default false */
  enabled: z.boolean().default(false),
  /** Minutes without a key after which a terminal ends. @default 15 */
  idleMinutes: z.int().min(1).max(120).default(15),
  /** Networks that may reach it, as CIDR. @default all */
  from: z.array(z.union([z.cidrv4(), z.cidrv6()], "must be a network as CIDR, such as 203.0.113.0/24")).default([]),
});
