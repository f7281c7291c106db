import { existsSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { readJson } from "./read-json.ts";

const code = z.strictObject({
  /** Odoo's image. */
  image: z.string().min(1),
  /** Modules that the stack asks for. */
  modules: z.array(z.string().min(1)).min(1),
});

export const heldSchema = z.strictObject({
  ...code.shape,
  /** By id: its tag is the hash of sources that are no longer here. */
  image: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  since: z.iso.datetime(),
  /** Why the other code is not served. */
  because: z.string().min(1),
  /** The code that is not served. */
  instead: code,
});

/** Which code of Odoo a stack serves. */
export type ServedCode = z.output<typeof code>;

/** Code of Odoo that a stack goes on serving though its sources are newer: an update to those failed, or was taken back. */
export type Held = z.output<typeof heldSchema>;

/** Where that is kept. Every engine reads it, so that none brings back what failed. */
export function heldFile(stack: string): string {
  return `.platform/${stack}/held.json`;
}

/** What a stack is held at, or undefined. */
export function readHeld(root: string, stack: string): Held | undefined {
  return readIfThere(heldSchema, root, stack, heldFile(stack));
}

/** Where the code is kept that a stack served last, for when nothing runs that could tell. */
export function servedFile(stack: string): string {
  return `.platform/${stack}/served.json`;
}

/** The code that a stack served last, or undefined. */
export function readServed(root: string, stack: string): ServedCode | undefined {
  return readIfThere(code, root, stack, servedFile(stack));
}

function readIfThere<T>(schema: z.ZodType<T>, root: string, stack: string, path: string): T | undefined {
  if (!existsSync(join(root, path))) return undefined;
  const mend = `Remove it, and run \`npm run platform -- update --stack ${stack}\` to serve what the sources say.`;
  return readJson(schema, root, path, mend);
}
