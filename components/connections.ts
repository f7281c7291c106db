/** Roles besides Odoo's that hold connections, and how many each may. The database's CONNECTION LIMITs are the same. */
export const CONNECTION_LIMITS = {
  odoo_reporting: 8,
  odoo_mcp: 8,
  mcp_audit: 4,
  exporter: 6,
  backup: 4,
  superset: 20,
  keycloak: 8,
  shell: 4,
} as const;

/** Kept free for a superuser who has to look: PostgreSQL's own default for `superuser_reserved_connections`. */
export const RESERVED_CONNECTIONS = 3;

/** What decides how many connections Odoo can open. */
export interface OdooProcesses {
  readonly workers: number;
  readonly cronWorkers: number;
  /** Odoo's `db_maxconn`, which counts per process. */
  readonly connectionsPerProcess: number;
}

/** Web workers, cron workers, the websocket process and the one that starts them. */
export function processCount({ workers, cronWorkers }: Pick<OdooProcesses, "workers" | "cronWorkers">): number {
  return workers + cronWorkers + 2;
}

/** The most connections that Odoo can open: `db_maxconn` is a limit per process (odoo/sql_db.py, ConnectionPool). */
export function odooConnections(odoo: OdooProcesses): number {
  return processCount(odoo) * odoo.connectionsPerProcess;
}

/** Does `max_connections` hold everyone at once? */
export function fitsConnections(odoo: OdooProcesses, maxConnections: number): { needed: number; fits: boolean } {
  const others = Object.values(CONNECTION_LIMITS).reduce((sum, limit) => sum + limit, 0);
  const needed = odooConnections(odoo) + others + RESERVED_CONNECTIONS;
  return { needed, fits: needed <= maxConnections };
}
