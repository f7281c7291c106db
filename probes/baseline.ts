import { digestOf } from "../plan/digest.ts";
import { fromFaults, type Probe } from "./probe.ts";
import { askPostgres } from "./psql.ts";

/** Extensions that the stack's databases are made with. */
const EXTENSIONS = ["amcheck", "pg_trgm", "unaccent"];
/** Tables above this size are counted by the planner's estimate, which is marked. */
const EXACT_BELOW_ROWS = 1_000_000;

interface Catalog {
  readonly version: string;
  readonly settings: { readonly [name: string]: string };
  readonly extensions: { readonly [name: string]: string };
  /** One line per column, constraint, index and view. */
  readonly schema: readonly string[];
  readonly rows: { readonly [table: string]: number };
  readonly estimated: readonly string[];
}

/** All of it in one snapshot: counts that belong together. */
const CATALOG = `
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT json_build_object(
  'version', current_setting('server_version'),
  'settings', (SELECT json_object_agg(name, current_setting(name) ORDER BY name) FROM pg_settings
                WHERE source NOT IN ('default', 'client', 'session') AND context <> 'internal'),
  'extensions', (SELECT json_object_agg(extname, extversion ORDER BY extname) FROM pg_extension),
  'schema', (SELECT json_agg(line ORDER BY line) FROM (
    SELECT format('column %s.%s %s %s %s %s', table_schema, table_name, column_name, udt_name, is_nullable, column_default) AS line
      FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
    UNION ALL SELECT format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
      FROM pg_constraint WHERE connamespace <> 'pg_catalog'::regnamespace AND connamespace <> 'information_schema'::regnamespace
    UNION ALL SELECT format('index %s %s', schemaname, indexdef)
      FROM pg_indexes WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
    UNION ALL SELECT format('view %s.%s %s', schemaname, viewname, definition)
      FROM pg_views WHERE schemaname NOT IN ('pg_catalog', 'information_schema')) AS lines),
  'rows', (SELECT coalesce(json_object_agg(name, CASE WHEN estimate < ${EXACT_BELOW_ROWS}
             THEN (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %s', name), false, true, '')))[1]::text::bigint
             ELSE estimate END ORDER BY name), '{}')
             FROM (SELECT oid::regclass::text AS name, reltuples::bigint AS estimate FROM pg_class
                    WHERE relkind IN ('r', 'p') AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
                      AND relpersistence = 'p') AS tables),
  'estimated', (SELECT coalesce(json_agg(oid::regclass::text ORDER BY 1), '[]') FROM pg_class
                 WHERE relkind IN ('r', 'p') AND reltuples >= ${EXACT_BELOW_ROWS} AND relnamespace <> 'pg_catalog'::regnamespace));
COMMIT;`;

/**
 * Puts on record what the database is: settings that aren't defaults, versions, extensions, a digest of the schema, and
 * row counts. It falls short where the record would be of something else than the plan: a setting of the plan that the
 * server doesn't have, a missing extension, a schema or an administrator that isn't there.
 */
export const baseline: Probe = {
  task: "2.9",
  ttlDays: 30,
  needs: "system",
  measure: async (context) => {
    const catalog = await askPostgres<Catalog>(context, context.settings.odoo.database, CATALOG);
    const wanted = context.settings.postgres.server;
    const { version, settings, extensions, schema, rows, estimated } = catalog;
    const counted = Object.entries(rows).filter(([, count]) => count > 0);
    const total = counted.reduce((sum, [, count]) => sum + count, 0);
    return fromFaults(findBaselineFaults({ ...catalog, wanted }), {
      measured: {
        version,
        settings: { ...settings },
        extensions: { ...extensions },
        schemaDigest: digestOf(schema),
        schemaObjects: schema.length,
        tables: Object.keys(rows).length,
        rows: Object.fromEntries(counted),
        estimated: [...estimated],
      },
      limit: { settings: { ...wanted }, extensions: EXTENSIONS, "res_users at least": 1 },
      held: `PostgreSQL ${version}, ${Object.keys(settings).length} settings, ${Object.keys(rows).length} tables with ${total} rows, schema ${digestOf(schema).slice(0, 12)}`,
    });
  },
};

/** What keeps this from being a baseline of the plan. */
export function findBaselineFaults({
  settings,
  extensions,
  schema,
  rows,
  wanted,
}: Catalog & { readonly wanted: { readonly [name: string]: string } }): string[] {
  const differing = Object.entries(wanted).filter(([name, value]) => !isSameSetting(settings[name], value));
  return [
    ...differing.map(([name, value]) => `${name} is ${settings[name] ?? "at its default"}, planned ${value}`),
    ...EXTENSIONS.filter((name) => extensions[name] === undefined).map((name) => `extension ${name} is missing`),
    ...(schema.length > 0 ? [] : ["the schema is empty"]),
    ...((rows["res_users"] ?? 0) > 0 ? [] : ["there is no user in the database"]),
  ];
}

const UNITS: { readonly [unit: string]: number } = {
  B: 1,
  kB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Are these the same value? The server writes 1GB where it was told 1024MB. */
export function isSameSetting(found: string | undefined, planned: string): boolean {
  if (found === undefined || found === planned) return found === planned;
  const [a, b] = [amountOf(found), amountOf(planned)];
  return a !== undefined && a === b;
}

function amountOf(text: string): number | undefined {
  const [, digits = "", unit = ""] = /^(-?[\d.]+) *([a-zA-Z]*)$/.exec(text) ?? [];
  const factor = unit === "" ? 1 : UNITS[unit];
  return digits === "" || factor === undefined ? undefined : Number(digits) * factor;
}
