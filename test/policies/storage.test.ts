import { table } from "./row.ts";
import { STORAGE_ROWS } from "./storage.rows.ts";
import { VAULT_ROWS } from "./storage-vault.rows.ts";
import { vaults } from "./storage-world.ts";

table([...STORAGE_ROWS, ...VAULT_ROWS], vaults);
