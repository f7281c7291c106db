import { z } from "zod";

import { port } from "./shared.ts";

const address = z.email("must be an e-mail address");

/** Where mail goes: to a catcher in development and staging, to a relay in production. */
export const mail = z.strictObject({
  /** Off: Odoo is told of no mail server, and its mails fail. @default false */
  enabled: z.boolean().default(false),
  /** Sender of what Odoo and alerts send. @default "odoo@<domain>" */
  from: address.optional(),
  /** Needed in production, refused elsewhere: a copy of production would write to its customers. */
  relay: z
    .strictObject({
      host: z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, "must be a host name"),
      /** With STARTTLS, which is required. @default 587 */
      port: port.default(587),
      /** Its password is the secret `smtp-password`. @default - none: the relay knows this machine */
      user: z.string().min(1).optional(),
      /** DKIM selectors that `doctor` asks DNS for. */
      dkimSelectors: z.array(z.string().regex(/^[a-z0-9_-]+$/i, "must be a DKIM selector such as mail2026")).min(1),
    })
    .optional(),
});
