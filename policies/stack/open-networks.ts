import { TYPES } from "../../plan/plan.ts";
import { EDGE, networksOf, serviceOf } from "../containers/container.ts";
import { type Rule, when } from "../rule.ts";

/** A network with a way out has the edge on it; every other one is internal. */
export const openNetworks: Rule = {
  id: "open-networks-are-the-edges",
  level: "mandatory",
  must: "a network with a way out has the edge on it; every other one is internal",
  why: "what needs no way out is given none, so that it can't send what it holds",
  fix: "set internal to true",
  sources: [],
  reads: "Network.internal, Container.networksAdvanced",
  types: [TYPES.network],
  findFaults: (network, look) => {
    const members = look.grouped("members", [TYPES.container], networksOf).get(network.read("name").word) ?? [];
    const edge = members.some((container) => serviceOf(container) === EDGE);
    return when(!network.read("internal").flag && !edge, "it has a way out, and the edge is not on it");
  },
};
