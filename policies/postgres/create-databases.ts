import { environmentOf } from "../containers/container.ts";
import { type Rule, when } from "../rule.ts";
import { postgresRule } from "./postgres.ts";

/** Odoo's role makes databases in development alone. */
export const createDatabases: Rule = postgresRule({
  id: "databases-are-made-by-the-job",
  level: "mandatory",
  must: "Odoo's role makes databases in development alone",
  why: "whoever reaches the database manager or injects a statement makes databases, and fills the disk",
  fix: "set odoo.createDatabases to false",
  sources: ["CVE-2018-15632"],
  reads: "Container.envs: ODOO_CREATEDB; Terms.stage",
  findFaults: (container, look) => {
    const creates = environmentOf(container).get("ODOO_CREATEDB") ?? "false";
    return when(creates !== "false" && look.stage !== "development", `ODOO_CREATEDB is ${creates} in ${look.stage}`);
  },
});
