import type { Rule } from "../rule.ts";
import { EDGE, containerRule, serviceOf } from "./container.ts";

/** Ports below 1024 of the host belong to the edge alone. */
export const lowPorts: Rule = containerRule({
  id: "low-ports-are-the-edges",
  level: "mandatory",
  must: "ports below 1024 of the host belong to the edge alone",
  why: "low ports are what clients trust to be the system itself",
  fix: "publish through the edge",
  sources: ["CIS Docker 5.8"],
  reads: "Container.ports, labels",
  findFaults: (container) =>
    container
      .read("ports")
      .items.map((port) => port.at("external").amount)
      .filter((port) => port < 1024 && serviceOf(container) !== EDGE)
      .map((port) => `port ${port} is published by ${serviceOf(container)}`),
});
