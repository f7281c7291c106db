import { z } from "zod";

import { port } from "./shared.ts";

/** The way in. */
export const edge = z.strictObject({
  /** Port on the host for HTTPS; Caddy listens on the same one inside. */
  httpsPort: port,
  /** Port on the host that redirects to HTTPS. */
  httpPort: port,
  /** Address of the host to publish on. @default "127.0.0.1" */
  bindAddress: z.ipv4("must be an IPv4 address of this machine, or 0.0.0.0 for all of them").default("127.0.0.1"),
  /** `internal`: certificates of Caddy's own CA; `acme`: public ones, which need `acmeEmail`. @default "internal" */
  tls: z.enum(["internal", "acme"]).default("internal"),
  acmeEmail: z.email("must be an e-mail address").optional(),
});
