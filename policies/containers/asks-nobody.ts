import { TYPES } from "../../plan/plan.ts";
import { type Rule, when } from "../rule.ts";
import { containerRule } from "./container.ts";

/** A container on internal networks alone asks no name server but the Engine's own. */
export const asksNobody: Rule = containerRule({
  id: "enclosed-containers-ask-no-name-server",
  level: "mandatory",
  must: "a container on internal networks alone asks no name server but the Engine's own",
  why: "names that are asked of the host's resolver carry data out of an internal network (CVE-2024-29018)",
  fix: "set dns to 127.0.0.1",
  sources: [],
  reads: "Container.networksAdvanced, dns; Network.internal",
  findFaults: (container, look) => {
    const networks = look.grouped("networks", [TYPES.network], (network) => [network.read("name").word]);
    const joined = container.read("networksAdvanced").items.map((network) => network.at("name").word);
    const enclosed =
      joined.length > 0 && joined.every((name) => networks.get(name)?.[0]?.read("internal").flag === true);
    const servers = container.read("dns").texts;
    return when(
      enclosed && servers.join(" ") !== "127.0.0.1",
      `it asks ${servers.length === 0 ? "the host's name servers" : servers.join(", ")}`,
    );
  },
});
