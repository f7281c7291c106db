import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { refusal } from "../components/refusal.ts";

/**
 * Reads a file of the project as what a schema says.
 *
 * @param mend sentence with what to do about a file that isn't.
 * @throws RunError naming the file, what is wrong with it, and what mends it.
 */
export function readJson<T>(schema: z.ZodType<T>, root: string, path: string, mend: string): T {
  const text = readFileSync(join(root, path), "utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refusal(`${path} is not JSON. ${mend}`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw refusal(`${path} is not what it should be. ${mend}\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
