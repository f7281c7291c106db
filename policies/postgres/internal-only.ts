import { TYPES } from "../../plan/plan.ts";
import { networksOf } from "../containers/container.ts";
import { type Rule, when } from "../rule.ts";
import { postgresRule } from "./postgres.ts";

/** PostgreSQL is on internal networks alone, and publishes nothing. */
export const internalOnly: Rule = postgresRule({
  id: "postgres-is-on-internal-networks",
  level: "mandatory",
  must: "PostgreSQL is on internal networks alone, and publishes nothing",
  why: "a database with a way out can be made to send what it holds",
  fix: "attach it to networks with internal true",
  sources: [],
  reads: "Container.networksAdvanced, ports; Network.internal",
  findFaults: (container, look) => {
    const networks = look.grouped("networks", [TYPES.network], (one) => [one.read("name").word]);
    return [
      ...networksOf(container)
        .filter((name) => networks.get(name)?.[0]?.read("internal").flag !== true)
        .map((name) => `network ${name} is not internal`),
      ...when(container.read("ports").items.length > 0, "it publishes ports"),
    ];
  },
});
