import { environmentOf } from "../containers/container.ts";
import { type Rule, when } from "../rule.ts";
import { odooRule } from "./odoo.ts";

/** Links that Odoo sends are HTTPS. */
export const httpsUrl: Rule = odooRule({
  id: "odoo-links-are-https",
  level: "mandatory",
  must: "links that Odoo sends are HTTPS",
  why: "a plain link leaks the token that it carries",
  fix: "set the stack's domain, from which ODOO_BASE_URL is made",
  sources: [],
  reads: "Container.envs: ODOO_BASE_URL",
  findFaults: (container) => {
    const url = environmentOf(container).get("ODOO_BASE_URL") ?? "not set";
    return when(!/^https:\/\/[^/\s]+$/.test(url), `ODOO_BASE_URL is ${url}`);
  },
});
