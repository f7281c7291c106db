import { z } from "zod";

import type { Plan } from "../plan/plan.ts";
import { evidenceSchema } from "./evidence.ts";
import type { GateFacts, SystemSettings } from "./facts.ts";

/** What the verdicts of a plan are made from. */
export function gateFacts(plan: Plan): GateFacts {
  return plan.outputs["gate"] as unknown as GateFacts;
}

/**
 * What `gate` needs of a stack's outputs. Settings are taken as they are: a check that finds them otherwise than it
 * expects throws, and a check that throws is NO-GO.
 */
const outputsSchema = z.object({
  gate: z.object({
    stack: z.string().min(1),
    settings: z.record(z.string(), z.unknown()),
    planDigest: z.string(),
    files: z.record(z.string(), z.string()),
    evidence: z.array(evidenceSchema),
  }),
});

/**
 * Reads what verdicts are made from out of `pulumi stack output --json` (or `platform outputs --json`).
 *
 * @throws Error saying what is wrong with the text.
 */
export function readGateFacts(text: string): GateFacts {
  if (text.trim() === "")
    throw new Error("there is nothing on standard input; pipe `pulumi stack output --json` into this command");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("standard input is no JSON; pipe `pulumi stack output --json` into this command");
  }
  const parsed = outputsSchema.safeParse(value);
  if (!parsed.success)
    throw new Error(`standard input holds no outputs of a stack of this program:\n${z.prettifyError(parsed.error)}`);
  return { ...parsed.data.gate, settings: parsed.data.gate.settings as unknown as SystemSettings };
}
