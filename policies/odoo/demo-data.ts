import { environmentOf } from "../containers/container.ts";
import { type Rule, when } from "../rule.ts";
import { odooRule } from "./odoo.ts";

/** Demo data is loaded in development alone. */
export const noDemoData: Rule = odooRule({
  id: "demo-data-stays-in-development",
  level: "mandatory",
  must: "demo data is loaded in development alone",
  why: "demo users have passwords that everybody knows",
  fix: "set odoo.demoData to false",
  sources: ["CVE-2021-45111"],
  reads: "Container.envs: ODOO_DEMO; Terms.stage",
  findFaults: (container, look) => {
    const demo = environmentOf(container).get("ODOO_DEMO") ?? "not set";
    return when(demo !== "False" && look.stage !== "development", `ODOO_DEMO is ${demo} in ${look.stage}`);
  },
});
