import { TYPES } from "../../plan/plan.ts";
import { type Rule, when } from "../rule.ts";
import { containerRule } from "./container.ts";

/** Every container is on networks of the stack, or on none. */
export const ownNetwork: Rule = containerRule({
  id: "containers-are-on-networks-of-the-stack",
  level: "mandatory",
  must: "every container is on networks of the stack, or on none",
  why: "on Docker's default bridge every container of the host reaches it",
  fix: "set networksAdvanced, or networkMode to none",
  sources: ["CIS Docker 5.30"],
  reads: "Container.networkMode, networksAdvanced, Network.name",
  findFaults: (container, look) => {
    const known = look.grouped("networks", [TYPES.network], (network) => [network.read("name").word]);
    const joined = container.read("networksAdvanced").items.map((network) => network.at("name").word);
    const strange = joined.filter((name) => !known.has(name)).map((name) => `network ${name} is not of this stack`);
    return [
      ...when(joined.length === 0 && container.read("networkMode").text !== "none", "it is on Docker's default bridge"),
      ...strange,
    ];
  },
});
