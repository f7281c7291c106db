import { TYPES } from "../../plan/plan.ts";
import { type Rule, when } from "../rule.ts";

/** Names on the host begin with project and stack. */
export const names: Rule = {
  id: "names-carry-project-and-stack",
  level: "mandatory",
  must: "names on the host begin with project and stack",
  why: "two stacks on one machine would take each other's containers and data",
  fix: "make the name from the prefix <project>-<stack>",
  sources: [],
  reads: "Container.name, Network.name, Volume.name",
  types: [TYPES.container, TYPES.network, TYPES.volume],
  findFaults: (resource, { plan }) => {
    const [name, prefix] = [resource.read("name").word, `${plan.project}-${plan.stack}-`];
    return when(!name.startsWith(prefix), `it is named ${name === "" ? "by chance" : name}, without ${prefix}`);
  },
};
