import { z } from "zod";

import { CLIENTS } from "../../components/identity/realm.ts";
import { mebibytes } from "./shared.ts";

/** Who says who somebody is. */
export const identity = z.strictObject({
  /** Sign-on through one issuer. @default false */
  enabled: z.boolean().default(false),
  /** `keycloak`: one of the stack's own, at id.<domain>; `external`: the company's. @default "keycloak" */
  issuer: z.enum(["keycloak", "external"]).default("keycloak"),
  /** URL of an external issuer, exactly as in its `iss`. @default - none */
  url: z.url({ protocol: /^https$/, error: "must be an https URL" }).optional(),
  /** Ids of clients at an external issuer. @default - each client's name */
  clientIds: z.partialRecord(z.enum(CLIENTS), z.string().min(1)).default({}),
  /** Who must show a second factor at Keycloak: `admin`, the group, or `none`. @default "admin" */
  secondFactor: z.enum(["admin", "none"]).default("admin"),
  /** Of Keycloak. @default 640 */
  memoryMiB: mebibytes(512).default(640),
  /** Of Keycloak. @default 1 */
  cpus: z.number().min(0.25).max(16).default(1),
});
