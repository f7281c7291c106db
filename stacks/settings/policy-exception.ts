import { z } from "zod";

/** A finding of the policies that somebody answers for. */
export const policyException = z.strictObject({
  /** Id of the rule, as in docs/POLICIES.md. */
  rule: z.string().regex(/^[a-z][a-z0-9-]*$/, "must be the id of a rule, as in docs/POLICIES.md"),
  /** Name of the resource, as findings show it. */
  resource: z.string().min(1),
  /** Why it is right here, for whoever reads it later. */
  reason: z.string().refine((text) => text.trim().length >= 10, "must be a sentence that says why"),
  /** Last day on which it counts. */
  until: z.iso.date("must be a day, YYYY-MM-DD"),
});
