import { ROLE_SECRETS } from "../components/postgres.ts";
import { messageOf } from "../engine/fault.ts";
import { fromFaults, type Probe, type ProbeContext } from "./probe.ts";
import { askPostgres } from "./psql.ts";
import { type Outcome, runSessions } from "./psql-sessions.ts";
import { type RoleFacts, wantedRoles } from "./role-attributes.ts";
import { type Entry, REFUSALS, roleMatrix } from "./role-matrix.ts";

const ROLES = `
SELECT json_object_agg(rolname, json_build_object(
  'login', rolcanlogin, 'superuser', rolsuper, 'createRole', rolcreaterole, 'createDatabase', rolcreatedb,
  'replication', rolreplication, 'bypassRowSecurity', rolbypassrls, 'connectionLimit', rolconnlimit,
  'scram', coalesce((SELECT a.rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid a WHERE a.oid = r.oid), false),
  'memberOf', (SELECT coalesce(json_agg(roleid::regrole::text ORDER BY roleid::regrole::text), '[]')
                 FROM pg_auth_members WHERE member = r.oid)))
  FROM pg_roles r WHERE rolname !~ '^pg_';`;

/**
 * A view made and read in one transaction that is rolled back: analysts read it by default rights, assistants only where
 * it was granted by name, and neither reads the table below it. The transaction takes their identities, not their
 * passwords, because nobody else sees what it made.
 */
const VIEW = `
BEGIN;
SET LOCAL ROLE bi_owner;
CREATE VIEW bi.platform_probe AS SELECT id FROM public.res_users;
RESET ROLE;
SELECT json_build_object(
  'odoo_reporting', has_schema_privilege('odoo_reporting', 'bi', 'USAGE') AND has_table_privilege('odoo_reporting', 'bi.platform_probe', 'SELECT'),
  'odoo_reporting writes', has_table_privilege('odoo_reporting', 'bi.platform_probe', 'INSERT, UPDATE, DELETE, TRUNCATE'),
  'odoo_mcp', has_table_privilege('odoo_mcp', 'bi.platform_probe', 'SELECT')) AS rights \\gset
SET LOCAL SESSION AUTHORIZATION odoo_reporting;
SELECT count(*) AS rows FROM bi.platform_probe \\gset
RESET SESSION AUTHORIZATION;
ROLLBACK;
SELECT (:'rights')::jsonb || jsonb_build_object('rows', :rows);`;

/** Rights on tables, or on single columns of them, that roles have who should have none: given by hand, by whomever. */
const STRAY = `
SELECT coalesce(json_agg(sentence ORDER BY sentence), '[]') FROM (
  SELECT DISTINCT format('%s may %s %s', given.grantee::regrole, lower(given.privilege_type), class.oid::regclass) AS sentence
    FROM pg_class class
    LEFT JOIN pg_attribute attribute ON attribute.attrelid = class.oid AND attribute.attacl IS NOT NULL
   CROSS JOIN aclexplode(class.relacl || attribute.attacl) given
   WHERE class.relnamespace = 'public'::regnamespace
     AND given.grantee::regrole::text IN ('odoo_reporting', 'odoo_mcp', 'exporter', 'backup', 'superset', 'keycloak', 'shell')) strays;`;

interface ViewRights {
  readonly odoo_reporting: boolean;
  readonly "odoo_reporting writes": boolean;
  readonly odoo_mcp: boolean;
  readonly rows: number;
}

/**
 * Every role logs in with its own password, over TLS with the server's name and authority checked (the backup role
 * through the socket, which is its only way), and really tries what it needs and what it must not do. All of it is
 * rolled back. Attributes, memberships and the kind of password are compared besides, so that a right that no action
 * tries is still seen.
 */
export const roleRights: Probe = {
  task: "2.8",
  ttlDays: 7,
  needs: "system",
  quick: true,
  mends: ["postgres-init"],
  measure: async (context) => {
    const matrix = roleMatrix(context.settings.postgres);
    const wanted = wantedRoles(context.settings.postgres);
    const { database } = context.settings.postgres;
    const [roles, view, strays, outcomes] = await Promise.all([
      askPostgres<Record<string, RoleFacts>>(context, "postgres", ROLES),
      askPostgres<ViewRights>(context, database, VIEW).catch(messageOf),
      askPostgres<string[]>(context, database, STRAY),
      tryAll(context, matrix),
    ]);
    const tried = [...outcomes.values()].filter((outcome) => outcome !== "not tried").length;
    return fromFaults(
      [
        ...findRoleFaults(roles, wanted),
        ...findActionFaults(matrix, outcomes),
        ...findViewFaults(view, roles),
        ...strays,
      ],
      {
        measured: {
          roles: Object.keys(roles).sort(),
          outcomes: Object.fromEntries(outcomes),
          view: typeof view === "string" ? view : { ...view },
          strays,
        },
        limit: { allowed: "ok", refused: REFUSALS, attributes: JSON.parse(JSON.stringify(wanted)) as never },
        held: `${tried} logins and actions of ${Object.keys(wanted).length} roles: what each needs works, all else is refused`,
      },
    );
  },
};

async function tryAll(context: ProbeContext, matrix: readonly Entry[]): Promise<Map<string, Outcome>> {
  const sessions = await Promise.all(
    matrix.map(async ({ actions, ...entry }) => ({
      ...entry,
      attempts: actions,
      password: await context.secret("postgres-init", ROLE_SECRETS[entry.role]),
    })),
  );
  return runSessions(context, sessions);
}

/** Where what was tried went otherwise than the matrix says. */
export function findActionFaults(matrix: readonly Entry[], outcomes: ReadonlyMap<string, Outcome>): string[] {
  return matrix.flatMap(({ key, allowed, actions }) => {
    const login = outcomes.get(key) ?? "not tried";
    if (allowed && login !== "ok") return [`${key} can't log in (${login})`];
    if (!allowed) return isRefusedLogin(login) ? [] : [`${key} ${login === "ok" ? "may log in" : login}`];
    return actions.flatMap((action) => {
      const outcome = outcomes.get(action.key) ?? "not tried";
      if (action.allowed)
        return outcome === "ok" || isHarmlessSuccess(action.key, outcome)
          ? []
          : [`${action.key} is refused (${outcome})`];
      if (REFUSALS.includes(outcome)) return [];
      return [
        outcome === "ok" || isHarmlessSuccess(action.key, outcome)
          ? `${action.key} is allowed`
          : `${action.key} ended with ${outcome}, which is no refusal`,
      ];
    });
  });
}

/** Refused by pg_hba.conf or by the missing right to enter; not by a server that is down or a password that is wrong. */
function isRefusedLogin(outcome: Outcome): boolean {
  return /^refused: .*(pg_hba\.conf|permission denied for database)/.test(outcome);
}

/** Creating a database that exists: the right is checked before the name. */
function isHarmlessSuccess(key: string, outcome: Outcome): boolean {
  return key.endsWith(":create-database") && outcome === "42P04";
}

/** Where roles are missing, unknown, or more or less than they should be. */
export function findRoleFaults(
  found: { readonly [role: string]: RoleFacts },
  wanted: { readonly [role: string]: RoleFacts },
): string[] {
  const missing = Object.keys(wanted).filter((role) => found[role] === undefined);
  const strangers = Object.keys(found).filter((role) => wanted[role] === undefined);
  return [
    ...missing.map((role) => `role ${role} is missing`),
    ...strangers.map((role) => `role ${role} is in no plan`),
    ...Object.entries(wanted).flatMap(([role, facts]) => {
      const actual = found[role];
      if (actual === undefined) return [];
      return (Object.keys(facts) as (keyof RoleFacts)[])
        .filter((fact) => JSON.stringify(actual[fact]) !== JSON.stringify(facts[fact]))
        .map((fact) => `${role}: ${fact} is ${JSON.stringify(actual[fact])}, not ${JSON.stringify(facts[fact])}`);
    }),
  ];
}

/** What a view of bi shows of the rights on it; a text when it could not be made or read. */
export function findViewFaults(view: ViewRights | string, roles: { readonly [role: string]: RoleFacts }): string[] {
  if (typeof view === "string") {
    // A missing role, which is a fault already, is reason enough.
    const all = ["bi_owner", "odoo_reporting", "odoo_mcp"].every((role) => roles[role] !== undefined);
    return all ? [`a view of bi can't be made and read: ${view}`] : [];
  }
  return [
    ...(view.odoo_reporting && view.rows > 0 ? [] : ["odoo_reporting can't read a new view of bi"]),
    ...(view["odoo_reporting writes"] ? ["odoo_reporting may write through a view of bi"] : []),
    ...(view.odoo_mcp ? ["odoo_mcp reads a view of bi that was not granted to it by name"] : []),
  ];
}
