import { z } from "zod";

import { mebibytes } from "./shared.ts";

/** Databases that are there already, or belong to another service. */
const TAKEN_DATABASES = ["postgres", "template0", "template1", "superset", "keycloak"];

const moduleName = z.string().regex(/^[a-z][a-z0-9_]*$/, "must be a technical module name such as sale_management");

/** Odoo. */
export const odoo = z.strictObject({
  /** Processes that answer web requests. */
  workers: z.int().min(1).max(256),
  /** Processes that run scheduled actions. @default 1 */
  cronWorkers: z.int().min(1).max(16).default(1),
  memoryMiB: mebibytes(512),
  cpus: z.number().min(0.25).max(128),
  /** Connections that one process may hold. @default 8 */
  connectionsPerProcess: z.int().min(2).max(64).default(8),
  /** @default "odoo" */
  database: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,62}$/, "must be a PostgreSQL name: lower case, digits, underscore")
    .refine(
      (name) => !TAKEN_DATABASES.includes(name),
      `must not be one of ${TAKEN_DATABASES.join(", ")}, which are taken`,
    )
    .default("odoo"),
  /** Modules that must be installed, `base` among them. */
  modules: z
    .array(moduleName)
    .min(1)
    .refine((modules) => modules.includes("base"), "must contain base"),
  /** Load demo data when the database is made. @default false */
  demoData: z.boolean().default(false),
  /** May Odoo's role create databases? Only where tests make their own. @default false */
  createDatabases: z.boolean().default(false),
  /** May Odoo reach what is outside the stack: mail servers, banks, couriers? Never in staging. @default false */
  egress: z.boolean().default(false),
});
