import { STACK_ROWS } from "./stack.rows.ts";
import { prod } from "./prod.ts";
import { table } from "./row.ts";

table(STACK_ROWS, prod);
