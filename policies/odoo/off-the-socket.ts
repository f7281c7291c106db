import { TYPES } from "../../plan/plan.ts";
import { environmentOf, networksOf } from "../containers/container.ts";
import { type Rule, when } from "../rule.ts";
import { odooRule } from "./odoo.ts";

/** Odoo shares an internal network with the database. */
export const onTheDataNetwork: Rule = odooRule({
  id: "odoo-reaches-the-database-on-the-data-network",
  level: "mandatory",
  must: "Odoo shares an internal network with the database",
  why: "a database on a network with a way out can be reached, and can send",
  fix: "attach both to the network data",
  sources: [],
  reads: "Container.networksAdvanced, envs: ODOO_DB_HOST; Network.internal",
  findFaults: (container, look) => {
    const host = environmentOf(container).get("ODOO_DB_HOST") ?? "not set";
    const shared = container.read("networksAdvanced").items.flatMap((own) => {
      const network = own.at("name").word;
      const joined = look.grouped("members", [TYPES.container], networksOf).get(network) ?? [];
      const database = joined.some((member) => member.read("hostname").text === host);
      const [known] = look.grouped("networks", [TYPES.network], (one) => [one.read("name").word]).get(network) ?? [];
      return database && known?.read("internal").flag === true ? [network] : [];
    });
    return when(shared.length === 0, `no internal network has both it and ${host} on it`);
  },
});
