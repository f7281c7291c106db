import { z } from "zod";

import { mebibytes } from "./shared.ts";

/** The database server. */
export const postgres = z.strictObject({
  memoryMiB: mebibytes(256),
  cpus: z.number().min(0.25).max(128),
  maxConnections: z.int().min(20).max(5000),
});
