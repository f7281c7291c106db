import { TYPES } from "../../plan/plan.ts";
import { EDGE, containerRule, serviceOf } from "../containers/container.ts";
import type { Rule } from "../rule.ts";

/** The edge publishes; the relay passes connections to the vault's buckets on, and others nowhere. */
const MAY = [EDGE, "vault-relay"];

/** In staging nothing else is on a network with a way out. */
export const stagingSendsNothing: Rule = containerRule({
  id: "staging-has-no-way-out",
  level: "mandatory",
  must: "in staging nothing but the edge and the vault's relay is on a network with a way out",
  why: "a copy of production would write to its customers, banks and couriers",
  fix: "set odoo.egress to false, and attach the service to internal networks alone",
  sources: [],
  reads: "Container.networksAdvanced, labels; Network.internal; Terms.stage",
  findFaults: (container, look) => {
    if (look.stage !== "staging" || MAY.includes(serviceOf(container))) return [];
    const networks = look.grouped("networks", [TYPES.network], (network) => [network.read("name").word]);
    return container
      .read("networksAdvanced")
      .items.map((network) => network.at("name").word)
      .filter((name) => networks.get(name)?.[0]?.read("internal").flag !== true)
      .map((name) => `network ${name} has a way out`);
  },
});
