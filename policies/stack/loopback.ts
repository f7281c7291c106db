import { TYPES } from "../../plan/plan.ts";
import type { Rule } from "../rule.ts";

/** Development and staging publish on this machine alone. */
export const loopback: Rule = {
  id: "only-production-is-on-the-network",
  level: "mandatory",
  must: "development and staging publish on this machine alone",
  why: "copies of the company's data with passwords that everybody knows would be on the network",
  fix: "set edge.bindAddress to 127.0.0.1",
  sources: [],
  reads: "Container.ports; Terms.stage",
  types: [TYPES.container],
  findFaults: (container, look) =>
    look.stage === "production"
      ? []
      : container
          .read("ports")
          .items.map((port) => port.at("ip").word)
          .filter((ip) => !/^127\.|^::1$/.test(ip))
          .map((ip) => `a port is published on ${ip === "" ? "every address" : ip} in ${look.stage}`),
};
