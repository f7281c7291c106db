import { POSTGRES_ROWS } from "./postgres.rows.ts";
import { prod } from "./prod.ts";
import { table } from "./row.ts";

table(POSTGRES_ROWS, prod);
