import { environmentOf } from "../containers/container.ts";
import { type Rule, when } from "../rule.ts";
import { connectionLimits, isServer, postgresRule } from "./postgres.ts";

/** Every role that the job makes has a limit on connections, and none is the superuser. */
export const limitedRoles: Rule = postgresRule({
  id: "roles-are-limited",
  level: "mandatory",
  must: "every role that the job makes has a limit on connections, and none is the superuser",
  why: "one client that runs wild takes every connection, and a superuser over the network takes everything",
  fix: "set CONNECTION_LIMITS as components/postgres.ts does",
  sources: [],
  reads: "Container.envs: CONNECTION_LIMITS",
  findFaults: (container) => {
    if (isServer(container)) return [];
    const limits = connectionLimits(environmentOf(container).get("CONNECTION_LIMITS") ?? "");
    return [
      ...when(!limits.has("odoo_app"), "CONNECTION_LIMITS has no odoo_app"),
      ...[...limits].flatMap(([role, limit]) => [
        ...when(role === "postgres", "the superuser is among the roles"),
        ...when(limit < 1, `role ${role} may open ${limit} connections`),
      ]),
    ];
  },
});
