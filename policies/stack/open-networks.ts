import { TYPES } from "../../plan/plan.ts";
import { EDGE, networksOf, serviceOf } from "../containers/container.ts";
import type { Rule } from "../rule.ts";

/** Networks that may have a way out, and the only services that may be on each. */
const WAYS_OUT: { readonly [network: string]: readonly string[] } = {
  // Ports are published on it, and certificates asked for.
  public: [EDGE],
  // Mail and webhooks; who asks an issuer elsewhere.
  egress: ["odoo", "alertmanager", "sign-on"],
  // Connections to the buckets' hosts alone go through.
  vault: ["vault-relay"],
};

/** A network with a way out is one of those named here, with nobody on it but whom it is for. */
export const openNetworks: Rule = {
  id: "ways-out-are-named",
  level: "mandatory",
  must: "a network has a way out for the edge to publish on (public) for Odoo and the Alertmanager to send through and for sign-on to ask an issuer elsewhere (egress), or for the relay that leads to the vault; nobody else is on it",
  why: "what needs no way out is given none, so that it can't send what it holds",
  fix: "set internal to true, or take the service off the network",
  sources: [],
  reads: "Network.internal, Container.networksAdvanced, labels",
  types: [TYPES.network],
  findFaults: (network, look) => {
    if (network.read("internal").flag) return [];
    const allowed = WAYS_OUT[network.name];
    if (allowed === undefined) return [`it has a way out, and is none of ${Object.keys(WAYS_OUT).join(", ")}`];
    const members = look.grouped("members", [TYPES.container], networksOf).get(network.read("name").word) ?? [];
    const services = members.map(serviceOf);
    if (services.length === 0) return ["it has a way out, and nobody is on it"];
    return services
      .filter((service) => !allowed.includes(service))
      .map((service) => `it has a way out for ${allowed.join(", ")}, and ${service} is on it`);
  },
};
