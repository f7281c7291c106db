import { environmentOf } from "../containers/container.ts";
import { type Rule, when } from "../rule.ts";
import { odooRule } from "./odoo.ts";

/** Odoo serves one database, by name or by an anchored filter. */
export const oneDatabase: Rule = odooRule({
  id: "odoo-serves-one-database",
  level: "mandatory",
  must: "Odoo serves one database, by name or by an anchored filter",
  why: "a second database on the server would be served to whoever names it",
  fix: "set ODOO_DB_NAME to one name, or ODOO_DBFILTER to ^name$",
  sources: ['Odoo 19 "System configuration": dbfilter'],
  reads: "Container.envs: ODOO_DB_NAME, ODOO_DBFILTER",
  findFaults: (container) => {
    const environment = environmentOf(container);
    const [name, filter] = [environment.get("ODOO_DB_NAME") ?? "", environment.get("ODOO_DBFILTER")];
    if (filter !== undefined)
      return when(!/^\^[a-z0-9_%]+\$$/.test(filter), `ODOO_DBFILTER is ${filter}, which is not anchored`);
    return when(
      !/^[a-z][a-z0-9_]*$/.test(name),
      `ODOO_DB_NAME is ${name === "" ? "not set" : name}, which is not one name`,
    );
  },
});
