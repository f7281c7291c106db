import { HOST_ROWS } from "./containers-host.rows.ts";
import { LIMIT_ROWS } from "./containers-limits.rows.ts";
import { PART_ROWS } from "./containers-parts.rows.ts";
import { SECRET_ROWS } from "./containers-secrets.rows.ts";
import { prod } from "./prod.ts";
import { table } from "./row.ts";

table([...HOST_ROWS, ...LIMIT_ROWS, ...PART_ROWS, ...SECRET_ROWS], prod);
