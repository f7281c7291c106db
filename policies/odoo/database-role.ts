import { environmentOf } from "../containers/container.ts";
import { type Rule, when } from "../rule.ts";
import { odooRule } from "./odoo.ts";

/** Odoo logs in to the database as a role of its own, no superuser. */
export const databaseRole: Rule = odooRule({
  id: "odoo-is-no-superuser-of-the-database",
  level: "mandatory",
  must: "Odoo logs in to the database as a role of its own, no superuser",
  why: "one injected statement would own every database of the server, and the server",
  fix: "set ODOO_DB_USER to odoo_app",
  sources: ['Odoo 19 "System configuration": database user'],
  reads: "Container.envs: ODOO_DB_USER",
  findFaults: (container) => {
    const role = environmentOf(container).get("ODOO_DB_USER") ?? "";
    const taken = ["", "postgres", "root", "admin"].includes(role);
    return when(taken, `ODOO_DB_USER is ${role === "" ? "not set" : role}`);
  },
});
