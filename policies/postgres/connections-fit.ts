import { TYPES } from "../../plan/plan.ts";
import { environmentOf } from "../containers/container.ts";
import { isOdoo, numberIn, processesOf, serves } from "../odoo/odoo.ts";
import { type Rule, when } from "../rule.ts";
import { connectionLimits, isPostgres, isServer, numberOf, postgresRule } from "./postgres.ts";

/** Max_connections holds everybody at once: Odoo's processes, the other roles, and what is kept for mending. */
export const connectionsFit: Rule = postgresRule({
  id: "connections-fit",
  level: "mandatory",
  must: "max_connections holds everybody at once: Odoo's processes, the other roles, and what is kept for mending",
  why: "when they run out Odoo answers 500 and nobody gets in to mend it",
  fix: "raise postgres.maxConnections, or lower odoo.workers or odoo.connectionsPerProcess",
  sources: ['Odoo 19 "System configuration": db_maxconn is a limit per process'],
  reads:
    "Container.command: max_connections, superuser_reserved_connections; Container.envs of Odoo and of the job that makes roles",
  findFaults: (server, look) => {
    if (!isServer(server)) return [];
    const [most, kept] = [numberOf(server, "max_connections"), numberOf(server, "superuser_reserved_connections")];
    const containers = look.ofType(TYPES.container);
    const odoo = containers
      .filter((container) => isOdoo(container) && serves(container))
      .reduce((sum, container) => sum + processesOf(container) * numberIn(container, "ODOO_DB_MAXCONN"), 0);
    const limits = containers
      .filter((container) => isPostgres(container) && !isServer(container))
      .flatMap((container) => [...connectionLimits(environmentOf(container).get("CONNECTION_LIMITS") ?? "")]);
    const own = new Map(limits).get("odoo_app");
    const others = limits.filter(([role]) => role !== "odoo_app").reduce((sum, [, limit]) => sum + limit, 0);
    return [
      ...when(
        own !== undefined && own < odoo,
        `role odoo_app may open ${own} connections, and Odoo's processes open ${odoo}`,
      ),
      ...when(
        odoo + others + kept > most,
        `max_connections is ${most}, and ${odoo + others + kept} may be opened or kept`,
      ),
    ];
  },
});
