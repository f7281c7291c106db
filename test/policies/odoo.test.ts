import { ODOO_ROWS } from "./odoo.rows.ts";
import { prod } from "./prod.ts";
import { table } from "./row.ts";

table(ODOO_ROWS, prod);
