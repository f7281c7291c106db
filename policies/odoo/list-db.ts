import { environmentOf } from "../containers/container.ts";
import { type Rule, when } from "../rule.ts";
import { odooRule } from "./odoo.ts";

/** Odoo lists no databases. */
export const hidesDatabases: Rule = odooRule({
  id: "odoo-hides-its-databases",
  level: "mandatory",
  must: "Odoo lists no databases",
  why: "the list is the first half of every attack on the database manager",
  fix: "set ODOO_LIST_DB to False",
  sources: ['Odoo 19 "System configuration": list_db'],
  reads: "Container.envs: ODOO_LIST_DB",
  findFaults: (container) => {
    const listed = environmentOf(container).get("ODOO_LIST_DB") ?? "not set";
    return when(listed !== "False", `ODOO_LIST_DB is ${listed}`);
  },
});
