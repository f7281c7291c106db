import { environmentOf } from "../containers/container.ts";
import { type Rule, when } from "../rule.ts";
import { odooRule } from "./odoo.ts";

/** Odoo reaches the database over TLS, and verifies its certificate. */
export const databaseTls: Rule = odooRule({
  id: "odoo-verifies-the-database",
  level: "mandatory",
  must: "Odoo reaches the database over TLS, and verifies its certificate",
  why: "anything else on the network could be the database, and learn its password",
  fix: "set ODOO_DB_SSLMODE to verify-full and PGSSLROOTCERT to the CA",
  sources: [],
  reads: "Container.envs: ODOO_DB_SSLMODE, PGSSLROOTCERT",
  findFaults: (container) => {
    const environment = environmentOf(container);
    const mode = environment.get("ODOO_DB_SSLMODE") ?? "not set";
    return [
      ...when(mode !== "verify-full", `ODOO_DB_SSLMODE is ${mode}`),
      ...when((environment.get("PGSSLROOTCERT") ?? "") === "", "PGSSLROOTCERT is not set"),
    ];
  },
});
