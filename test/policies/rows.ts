import { HOST_ROWS } from "./containers-host.rows.ts";
import { LIMIT_ROWS } from "./containers-limits.rows.ts";
import { PART_ROWS } from "./containers-parts.rows.ts";
import { SECRET_ROWS } from "./containers-secrets.rows.ts";
import { ODOO_ROWS } from "./odoo.rows.ts";
import { PIN_ROWS } from "./pins.rows.ts";
import { POSTGRES_ROWS } from "./postgres.rows.ts";
import { STACK_ROWS } from "./stack.rows.ts";
import { STORAGE_ROWS } from "./storage.rows.ts";
import { VAULT_ROWS } from "./storage-vault.rows.ts";

/** Rows that break the plan of prod. */
export const PROD_ROWS = [
  ...HOST_ROWS,
  ...LIMIT_ROWS,
  ...PART_ROWS,
  ...SECRET_ROWS,
  ...ODOO_ROWS,
  ...POSTGRES_ROWS,
  ...STACK_ROWS,
  ...PIN_ROWS,
];

/** Rows that break the vaults. */
export const S3_ROWS = [...STORAGE_ROWS, ...VAULT_ROWS];

export const ALL_ROWS = [...PROD_ROWS, ...S3_ROWS];
