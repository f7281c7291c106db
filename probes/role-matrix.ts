import type { Role } from "../components/postgres.ts";
import type { Attempt, Session } from "./psql-sessions.ts";
import { FALSE_RECORDS, POWERS, READER_REFUSED } from "./role-refusals.ts";

/** Something that a role tries: it must work, or be refused. */
export interface Action extends Attempt {
  readonly allowed: boolean;
}

/** A way in that a role tries, and what it tries there. */
export interface Entry extends Omit<Session, "password" | "attempts" | "role"> {
  readonly role: Role;
  readonly allowed: boolean;
  readonly actions: readonly Action[];
}

/** SQLSTATEs that mean "you may not": insufficient privilege, a read-only transaction, a switched-off statement. */
export const REFUSALS = ["42501", "25006", "0A000"];

/** Readers could lift this themselves: so the refusals that follow are of rights, not of the setting. */
const WRITABLE = "SET LOCAL transaction_read_only = off";

/** Those that the backup role may write: it does what they tell of. */
const BACKUP_RECORDS = ["record-a-backup", "change-records"];

/** As a job does that may have been there before. */
const RECORD_BACKUP =
  "INSERT INTO monitoring.backups (id, kind, started_at) VALUES ('platform-probe', 'full', now()) ON CONFLICT (id) DO UPDATE SET started_at = excluded.started_at";

const RECORD_SESSION =
  "INSERT INTO monitoring.sessions (id, who, kind, stage, started_at) VALUES ('platform-probe', 'probe', 'psql', 'development', now())";

export interface MatrixArgs {
  /** Odoo's database. */
  readonly database: string;
  /** May Odoo's role create databases? */
  readonly createDatabases: boolean;
  /** Most connections of each role. */
  readonly connectionLimits: { readonly [role in Role]: number };
}

/** Every role, the ways it may and may not come, and what it may and may not do there. */
export function roleMatrix({ database, createDatabases }: Omit<MatrixArgs, "connectionLimits">): Entry[] {
  const enter = (role: Role, target: string, allowed: boolean, ...actions: Action[]): Entry => ({
    key: `${role}@${target}`,
    host: "postgres",
    sslmode: "verify-full",
    role,
    database: target,
    allowed,
    actions: actions.map((action) => ({ ...action, key: `${role}@${target}:${action.key}` })),
  });
  const socket = (entry: Entry): Entry => ({ ...entry, host: "/run/postgresql", sslmode: "disable" });
  const may = (key: string, sql: string, before?: string): Action => ({
    key,
    sql,
    allowed: true,
    ...(before === undefined ? {} : { before }),
  });
  const mayNot = (key: string, sql: string, before?: string): Action => ({ ...may(key, sql, before), allowed: false });
  const powers = POWERS.map(([key, sql, bare = false]): Action => ({
    key,
    sql,
    bare,
    allowed: false,
    ...(bare ? {} : { before: WRITABLE }),
  }));
  const reader = READER_REFUSED.map(([key, sql]) => mayNot(key, sql, WRITABLE));
  const falseRecords = FALSE_RECORDS.map(([key, sql]) => mayNot(key, sql));
  const readRecords = may("read-records", "SELECT count(*) FROM monitoring.backups");
  const outsideOdoo = (role: Role): Entry[] => [enter(role, "superset", false)];

  return [
    enter(
      "odoo_app",
      database,
      true,
      may("create-table", "CREATE TABLE public.platform_probe (id int)"),
      may("write-rows", "INSERT INTO public.platform_probe VALUES (1)", "CREATE TABLE public.platform_probe (id int)"),
      may("read-users", "SELECT count(*) FROM public.res_users"),
      may("use-unaccent", "SELECT public.unaccent('é')"),
      ...powers,
      may("take-a-lock", "SELECT pg_advisory_xact_lock(hashtext('platform-probe'))"),
      may("refresh-views", "SELECT count(*) FROM platform.bi_make_views()"),
      mayNot("define-a-view", "UPDATE platform.bi_views SET query = 'SELECT 1'"),
      mayNot("write-bi", "CREATE TABLE bi.platform_probe (id int)"),
      mayNot("become-owner-of-views", "SET LOCAL ROLE bi_owner"),
      readRecords,
      ...falseRecords,
      // Out of a transaction; where it is allowed, an impossible name keeps it from doing anything.
      { key: "create-database", sql: "CREATE DATABASE postgres", bare: true, allowed: createDatabases },
    ),
    enter(
      "odoo_app",
      "postgres",
      true,
      may("list-databases", "SELECT datname FROM pg_database"),
      mayNot("create-table", "CREATE TABLE public.platform_probe (id int)"),
    ),
    ...outsideOdoo("odoo_app"),
    ...(["odoo_reporting", "odoo_mcp"] as const).flatMap((role) => [
      enter(
        role,
        database,
        true,
        may("read-only-by-default", "SELECT 1 / (current_setting('transaction_read_only') = 'on')::int"),
        role === "odoo_reporting" ? readRecords : mayNot("read-records", readRecords.sql),
        // Of the platform itself, so no business of assistants.
        { ...may("read-view", "SELECT count(*) FROM bi.platform_modules"), allowed: role === "odoo_reporting" },
        ...reader,
        ...powers,
      ),
      enter(role, "postgres", false),
      ...outsideOdoo(role),
    ]),
    enter(
      "mcp_audit",
      database,
      true,
      may("see-the-switch", "SELECT monitoring.mcp_open()"),
      may("begin-a-call", "SELECT monitoring.mcp_begin('platform-probe', 'platform-probe', 'none', '{}')"),
      mayNot("read-calls", "SELECT count(*) FROM monitoring.mcp_calls"),
      mayNot("remove-calls", "DELETE FROM monitoring.mcp_calls"),
      mayNot("read-view", "SELECT count(*) FROM bi.platform_modules"),
      ...reader,
      ...powers,
    ),
    enter("mcp_audit", "postgres", false),
    ...outsideOdoo("mcp_audit"),
    enter(
      "exporter",
      "postgres",
      true,
      may(
        "see-activity",
        "SELECT 1 / (count(*) > 0)::int FROM pg_stat_activity WHERE usename <> current_user AND query <> '<insufficient privilege>'",
      ),
      may("list-wal", "SELECT count(*) FROM pg_ls_waldir()"),
      may("read-statements", "SELECT count(*) FROM public.pg_stat_statements"),
      mayNot("create-table", "CREATE TABLE public.platform_probe (id int)"),
      mayNot("temporary-table", "CREATE TEMPORARY TABLE platform_probe (id int)"),
      ...powers,
    ),
    enter(
      "exporter",
      database,
      true,
      readRecords,
      ...falseRecords,
      mayNot("read-users", "SELECT password FROM public.res_users"),
    ),
    ...outsideOdoo("exporter"),
    socket(
      enter(
        "backup",
        "postgres",
        true,
        may("read-settings", "SELECT 1 / (current_setting('data_directory') <> '')::int"),
        may("mark-restore-point", "SELECT pg_create_restore_point('platform-probe')"),
        mayNot("create-table", "CREATE TABLE public.platform_probe (id int)"),
        ...powers,
      ),
    ),
    socket(
      enter(
        "backup",
        database,
        true,
        may("record-a-heartbeat", "INSERT INTO monitoring.heartbeat DEFAULT VALUES"),
        may("record-a-backup", RECORD_BACKUP),
        may(
          "record-its-end",
          "UPDATE monitoring.backups SET status = 'ok', ended_at = now() WHERE id = 'platform-probe'",
        ),
        ...FALSE_RECORDS.filter(([key]) => !BACKUP_RECORDS.includes(key)).map(([key, sql]) => mayNot(key, sql)),
        mayNot("forget-heartbeats", "DELETE FROM monitoring.heartbeat"),
        mayNot("read-users", "SELECT password FROM public.res_users"),
        mayNot("temporary-table", "CREATE TEMPORARY TABLE platform_probe (id int)"),
      ),
    ),
    { ...enter("backup", "postgres", false), key: "backup@postgres-over-tcp" },
    enter("superset", "superset", true, may("create-table", "CREATE TABLE public.platform_probe (id int)"), ...powers),
    enter("superset", database, false),
    enter("superset", "postgres", false),
    enter("keycloak", "keycloak", true, may("create-table", "CREATE TABLE public.platform_probe (id int)"), ...powers),
    enter("keycloak", database, false),
    enter("keycloak", "postgres", false),
    enter(
      "shell",
      database,
      true,
      may("record-a-session", RECORD_SESSION),
      may("record-its-end", "UPDATE monitoring.sessions SET ended_at = now() WHERE id = 'platform-probe'"),
      mayNot("deny-a-session", "UPDATE monitoring.sessions SET who = 'nobody'"),
      mayNot("read-sessions", "SELECT who FROM monitoring.sessions"),
      mayNot("read-users", "SELECT password FROM public.res_users"),
      ...FALSE_RECORDS.map(([key, sql]) => mayNot(key, sql)),
      ...powers,
    ),
    enter("shell", "postgres", false),
  ];
}
