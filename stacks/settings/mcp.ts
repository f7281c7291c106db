import { z } from "zod";

import { READING_TOOLS } from "../../components/mcp.ts";

/** Servers for assistants (Model Context Protocol). */
export const mcp = z.strictObject({
  /** @default false */
  enabled: z.boolean().default(false),
  /** Tools that are offered; only those that read may be. @default all of them */
  tools: z
    .array(z.enum(READING_TOOLS))
    .min(1)
    .default([...READING_TOOLS]),
  /** Groups of the company's sign-on whose people may use them. @default ["admin", "analyst"] */
  groups: z
    .array(z.string().regex(/^[a-z][a-z0-9_-]*$/, "must be the name of a group, such as analyst"))
    .min(1)
    .default(["admin", "analyst"]),
  /** Most rows of an answer. @default 200 */
  rowLimit: z.int().min(1).max(5000).default(200),
  /** Most bytes of an answer. @default 262144 */
  byteLimit: z.int().min(1024).max(4_194_304).default(262_144),
  /** Longest time of a call. @default 15 */
  timeoutSeconds: z.int().min(1).max(60).default(15),
});
