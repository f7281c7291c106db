import { z } from "zod";

import { PHASES } from "../plan/phase.ts";
import { type Plan, UNKNOWN_VALUE } from "../plan/plan.ts";
import { evidenceSchema } from "./evidence.ts";
import type { GateFacts, SystemSettings } from "./facts.ts";
import { signersSchema } from "./seal.ts";

/** What the verdicts of a plan are made from. */
export function gateFacts(plan: Plan): GateFacts {
  return plan.outputs["gate"] as unknown as GateFacts;
}

const PIPE = "pipe `pulumi stack output --json` into this command";

/** What a secret output is shown as, unless asked for. */
const MASK = "[secret]";

/**
 * What `gate` needs of a stack's outputs. Settings are taken as they are: a check that finds them otherwise than it
 * expects throws, and a check that throws is NO-GO.
 */
const outputsSchema = z.object({
  gate: z.object({
    stack: z.string().min(1),
    settings: z.record(z.string(), z.unknown()),
    planDigest: z.string().min(1),
    files: z.record(z.string(), z.string()),
    evidence: z.array(evidenceSchema),
    signers: signersSchema,
    commit: z.string(),
  }),
  ...Object.fromEntries(PHASES.map((_title, phase) => [`phase${phase}`, z.object({ verdict: z.string() })])),
});

/**
 * Reads what verdicts are made from out of `pulumi stack output --json` (or `platform outputs --json`).
 *
 * @throws Error saying what is wrong with the text: nothing is decided from half of it.
 */
export function readGateFacts(text: string): GateFacts {
  if (text.trim() === "") throw new Error(`there is nothing on standard input; ${PIPE}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`standard input is no JSON; ${PIPE}`);
  }
  // The outputs' own secrets are masked, and none of what verdicts are made from is a secret.
  const hidden = placesOf((value as { gate?: unknown } | null)?.gate, "gate");
  if (hidden.length > 0)
    throw new Error(`standard input hides what decides: ${hidden.slice(0, 5).join(", ")}; ${PIPE}`);
  const parsed = outputsSchema.safeParse(value);
  if (!parsed.success)
    throw new Error(`standard input holds no outputs of a stack of this program:\n${z.prettifyError(parsed.error)}`);
  return { ...parsed.data.gate, settings: parsed.data.gate.settings as unknown as SystemSettings };
}

/** Where a value is masked as a secret, or known only after a deployment: `<path> is a secret`. */
function placesOf(value: unknown, path: string): string[] {
  if (value === MASK) return [`${path} is a secret`];
  if (value === UNKNOWN_VALUE) return [`${path} is not known yet`];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => placesOf(inner, `${path}.${key}`));
}
