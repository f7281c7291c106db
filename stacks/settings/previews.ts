import { z } from "zod";

/** Where nobody else listens: two ports for each preview, and two for their template. */
const HIGHEST_PORT = 65_000;

/** Stacks of single commits, made beside this one and gone by themselves. */
export const previews = z.strictObject({
  /** How many there are at a time. @default 5 */
  most: z.int().min(1).max(50).default(5),
  /** Hours after which one is swept, counted from its last commit. @default 72 */
  hours: z.int().min(1).max(720).default(72),
  /** Size from which one is swept before its time. @default 10 */
  mostGiB: z.int().min(1).max(1000).default(10),
  /** The first of their ports on the machine. @default 9500 */
  firstPort: z.int().min(1024).max(HIGHEST_PORT).default(9500),
});
