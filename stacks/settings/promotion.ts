import { z } from "zod";

/** How code reaches the stack. */
export const promotion = z.strictObject({
  /** Branch whose tip the stack serves. */
  branch: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/, "must be a branch such as production"),
  /** Stack that must serve the code before. @default - none: its branch is pushed to */
  from: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, "must be a stack such as staging")
    .optional(),
});
