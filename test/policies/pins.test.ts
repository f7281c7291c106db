import { PIN_ROWS } from "./pins.rows.ts";
import { prod } from "./prod.ts";
import { table } from "./row.ts";

table(PIN_ROWS, prod);
