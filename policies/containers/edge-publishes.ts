import { type Rule, when } from "../rule.ts";
import { EDGE, containerRule, serviceOf } from "./container.ts";

/** Only the edge publishes ports. */
export const edgePublishes: Rule = containerRule({
  id: "only-the-edge-publishes",
  level: "mandatory",
  must: "only the edge publishes ports",
  why: "every other way in has no TLS, no sign-on and no log that anybody reads",
  fix: "remove ports; give the service a site of the edge",
  sources: ["CIS Docker 5.9"],
  reads: "Container.ports, publishAllPorts, labels",
  findFaults: (container) => [
    ...when(container.read("publishAllPorts").flag, "publishAllPorts is true"),
    ...when(
      container.read("ports").items.length > 0 && serviceOf(container) !== EDGE,
      `${serviceOf(container)} publishes ${container.read("ports").items.length} ports`,
    ),
  ],
});
