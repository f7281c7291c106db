import type { MatrixArgs } from "./role-matrix.ts";

/** Attributes of the roles, in the words of pg_roles. */
export interface RoleFacts {
  readonly login: boolean;
  readonly superuser: boolean;
  readonly createRole: boolean;
  readonly createDatabase: boolean;
  readonly replication: boolean;
  readonly bypassRowSecurity: boolean;
  readonly connectionLimit: number;
  /** Does the stored password need SCRAM? */
  readonly scram: boolean;
  readonly memberOf: readonly string[];
}

/** What each role must be. The superuser has no password and no limit; all others log in by SCRAM, or not at all. */
export function wantedRoles({
  createDatabases,
  connectionLimits: limits,
}: Omit<MatrixArgs, "database">): Record<string, RoleFacts> {
  const plain: RoleFacts = {
    login: true,
    superuser: false,
    createRole: false,
    createDatabase: false,
    replication: false,
    bypassRowSecurity: false,
    connectionLimit: -1,
    scram: true,
    memberOf: [],
  };
  return {
    postgres: {
      ...plain,
      superuser: true,
      createRole: true,
      createDatabase: true,
      replication: true,
      bypassRowSecurity: true,
      scram: false,
    },
    odoo_app: { ...plain, createDatabase: createDatabases, connectionLimit: limits.odoo_app },
    odoo_reporting: { ...plain, connectionLimit: limits.odoo_reporting },
    odoo_mcp: { ...plain, connectionLimit: limits.odoo_mcp },
    mcp_audit: { ...plain, connectionLimit: limits.mcp_audit },
    exporter: { ...plain, connectionLimit: limits.exporter, memberOf: ["pg_monitor"] },
    backup: { ...plain, connectionLimit: limits.backup, memberOf: ["pg_checkpoint", "pg_read_all_settings"] },
    superset: { ...plain, connectionLimit: limits.superset },
    keycloak: { ...plain, connectionLimit: limits.keycloak },
    shell: { ...plain, connectionLimit: limits.shell },
    bi_owner: { ...plain, login: false, scram: false },
    monitoring_owner: { ...plain, login: false, scram: false },
  };
}
