import type { PostgresSettings } from "../components/postgres.ts";
import { fromFaults, type Probe } from "./probe.ts";
import { copyOf } from "../engine/update/copy.ts";
import { askPostgres } from "./psql.ts";

/** A database as the server has it. */
export interface FoundDatabase {
  readonly name: string;
  readonly owner: string;
  readonly encoding: string;
  readonly provider: string;
  /** Roles that can log in, superusers aside, and may enter it. */
  readonly entered: readonly string[];
  /** Roles that can log in and may not. A role that is missing is in neither. */
  readonly barred: readonly string[];
  /** Roles that may write temporary tables there. */
  readonly temporary: readonly string[];
  /** Nobody can enter it, whatever their rights. */
  readonly closed: boolean;
}

/** What a database must be. */
export interface WantedDatabase {
  readonly owner: string;
  readonly entered: readonly string[];
}

const DATABASES = `
SELECT json_agg(json_build_object(
  'closed', NOT datallowconn, 'name', datname, 'owner', datdba::regrole::text, 'encoding', pg_encoding_to_char(encoding),
  'provider', CASE datlocprovider WHEN 'b' THEN 'builtin' WHEN 'i' THEN 'icu' ELSE 'libc' END,
  'entered', (SELECT coalesce(json_agg(rolname ORDER BY rolname), '[]') FROM pg_roles
               WHERE rolcanlogin AND NOT rolsuper AND has_database_privilege(rolname, pg_database.oid, 'CONNECT')),
  'barred', (SELECT coalesce(json_agg(rolname ORDER BY rolname), '[]') FROM pg_roles
              WHERE rolcanlogin AND NOT rolsuper AND NOT has_database_privilege(rolname, pg_database.oid, 'CONNECT')),
  'temporary', (SELECT coalesce(json_agg(rolname ORDER BY rolname), '[]') FROM pg_roles
                 WHERE rolcanlogin AND NOT rolsuper AND has_database_privilege(rolname, pg_database.oid, 'TEMPORARY'))
) ORDER BY datname) FROM pg_database WHERE NOT datistemplate;`;

/** The databases are there, in UTF-8, owned by their roles; everyone who may enter one is named. */
export const databases: Probe = {
  task: "2.6",
  ttlDays: 7,
  needs: "system",
  quick: true,
  mends: ["postgres-init"],
  measure: async (context) => {
    const { postgres } = context.settings;
    const found = await askPostgres<FoundDatabase[]>(context, "postgres", DATABASES);
    const wanted = wantedDatabases(postgres);
    return fromFaults(findDatabaseFaults(found, wanted, postgres.createDatabases), {
      measured: found.map((database) => ({
        ...database,
        entered: [...database.entered],
        barred: [...database.barred],
        temporary: [...database.temporary],
      })),
      limit: Object.fromEntries(
        Object.entries(wanted).map(([name, { owner, entered }]) => [
          name,
          { owner, encoding: "UTF8", entered: [...entered] },
        ]),
      ),
      held: `${Object.keys(wanted).join(", ")} are in UTF-8, owned by their roles and closed to all others`,
    });
  },
};

/** The databases of a stack. */
export function wantedDatabases({ database }: Pick<PostgresSettings, "database">): Record<string, WantedDatabase> {
  return {
    [database]: {
      owner: "odoo_app",
      entered: ["backup", "exporter", "mcp_audit", "odoo_app", "odoo_mcp", "odoo_reporting", "shell"],
    },
    postgres: { owner: "postgres", entered: ["backup", "exporter", "odoo_app"] },
    superset: { owner: "superset", entered: ["superset"] },
    keycloak: { owner: "keycloak", entered: ["keycloak"] },
  };
}

/** What is wrong with them, a sentence each. Where Odoo may create databases, its own are no fault. */
export function findDatabaseFaults(
  found: readonly FoundDatabase[],
  wanted: { readonly [name: string]: WantedDatabase },
  mayCreate: boolean,
): string[] {
  const missing = Object.keys(wanted).filter((name) => !found.some((database) => database.name === name));
  return [
    ...missing.map((name) => `database ${name} is missing`),
    ...found
      .filter((database) => !isKept(database, wanted))
      .flatMap((database) => faultsOf(database, wanted[database.name], mayCreate)),
  ];
}

/** Left by an update, for a rollback: nobody can enter it. */
function isKept({ name, owner, closed }: FoundDatabase, wanted: { readonly [name: string]: WantedDatabase }): boolean {
  return closed && Object.entries(wanted).some(([one, its]) => name === copyOf(one) && owner === its.owner);
}

function faultsOf(database: FoundDatabase, wanted: WantedDatabase | undefined, mayCreate: boolean): string[] {
  const { name, owner, encoding, entered, barred, temporary } = database;
  if (wanted === undefined)
    return mayCreate && owner === "odoo_app" ? [] : [`database ${name} of ${owner} is in no plan`];
  const strangers = entered.filter((role) => !wanted.entered.includes(role));
  const kept = wanted.entered.filter((role) => barred.includes(role));
  return [
    ...(owner === wanted.owner ? [] : [`database ${name} belongs to ${owner}, not ${wanted.owner}`]),
    ...(encoding === "UTF8" ? [] : [`database ${name} is in ${encoding}, not UTF8`]),
    ...(strangers.length === 0 ? [] : [`${strangers.join(", ")} may enter ${name}`]),
    ...(kept.length === 0 ? [] : [`${kept.join(", ")} may not enter ${name}`]),
    ...temporary.filter((role) => role !== wanted.owner).map((role) => `${role} may write temporary tables in ${name}`),
  ];
}
