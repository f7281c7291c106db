import { environmentOf } from "../containers/container.ts";
import { type Rule, when } from "../rule.ts";
import { odooRule } from "./odoo.ts";

/** Odoo is in proxy mode, and reached through the edge alone. */
export const behindTheEdge: Rule = odooRule({
  id: "odoo-trusts-the-edge-alone",
  level: "mandatory",
  must: "Odoo is in proxy mode, and reached through the edge alone",
  why: "without it sign-in links and cookies are plain HTTP; with a port of its own anyone forges the address of a client",
  fix: "set ODOO_PROXY_MODE to True, and publish nothing",
  sources: ['Odoo 19 "System configuration": proxy_mode'],
  reads: "Container.envs: ODOO_PROXY_MODE; ports",
  findFaults: (container) => {
    const mode = environmentOf(container).get("ODOO_PROXY_MODE") ?? "not set";
    return [
      ...when(mode !== "True", `ODOO_PROXY_MODE is ${mode}`),
      ...when(container.read("ports").items.length > 0, "it publishes ports, past the edge"),
    ];
  },
});
