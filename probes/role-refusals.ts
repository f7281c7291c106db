/** What nobody but a superuser may do, whatever the database. */
export const POWERS: readonly (readonly [name: string, sql: string, bare?: boolean])[] = [
  ["create-role", "CREATE ROLE platform_probe"],
  ["become-superuser", "SET LOCAL ROLE postgres"],
  ["read-passwords", "SELECT rolpassword FROM pg_authid"],
  ["read-server-file", "SELECT pg_read_file('/etc/passwd')"],
  ["run-program", "COPY (SELECT 1) TO PROGRAM 'true'"],
  ["write-server-file", "COPY (SELECT 1) TO '/tmp/platform-probe'"],
  ["change-server", "ALTER SYSTEM SET work_mem = '4MB'", true],
  ["untrusted-extension", "CREATE EXTENSION pageinspect SCHEMA public"],
];

/** Writing down what was not so: a record that its readers can write is none. */
export const FALSE_RECORDS: readonly (readonly [name: string, sql: string])[] = [
  ["record-a-gate", "INSERT INTO monitoring.gates VALUES (99, 'GO', 0, 0, now())"],
  ["record-a-backup", "INSERT INTO monitoring.backups (id, kind, started_at) VALUES ('platform-probe', 'full', now())"],
  ["change-records", "UPDATE monitoring.drills SET holds = true"],
  ["remove-records", "DELETE FROM monitoring.backups"],
  ["record-a-call", "INSERT INTO monitoring.mcp_calls (who, client, tool, arguments) VALUES ('', '', '', '')"],
  ["turn-the-switch", "UPDATE monitoring.mcp_switch SET open = true"],
  ["create-table-in-monitoring", "CREATE TABLE monitoring.platform_probe (id int)"],
  ["become-recorder", "SET LOCAL ROLE monitoring_owner"],
];

/** What readers must not do in Odoo's database. */
export const READER_REFUSED: readonly (readonly [name: string, sql: string])[] = [
  ["read-users", "SELECT password FROM public.res_users"],
  ["write-users", "UPDATE public.res_users SET active = false"],
  ["create-table", "CREATE TABLE public.platform_probe (id int)"],
  ["create-table-in-bi", "CREATE TABLE bi.platform_probe (id int)"],
  ["temporary-table", "CREATE TEMPORARY TABLE platform_probe (id int)"],
  ["large-object", "SELECT lo_create(0)"],
  ["read-large-object", "SELECT lo_get(1)"],
  // What a pooled connection would keep for the next caller, what holds or reaches others, and texts of any size.
  ["leave-a-setting", "SELECT set_config('statement_timeout', '0', false)"],
  ["sleep", "SELECT pg_sleep(0)"],
  ["lock", "SELECT pg_advisory_lock(1)"],
  ["try-lock", "SELECT pg_try_advisory_lock(1)"],
  ["notify", "SELECT pg_notify('platform_probe', '')"],
  ["end-session", "SELECT pg_terminate_backend(0)"],
  ["write-log", "SELECT pg_logical_emit_message(false, 'platform_probe', '')"],
  ["query-to-xml", "SELECT query_to_xml('SELECT 1', true, true, '')"],
  ["schema-to-xml", "SELECT schema_to_xml('bi', true, true, '')"],
  ["huge-text", "SELECT repeat('x', 300000000)"],
  ["padded-text", "SELECT lpad('x', 300000000)"],
  ["make-views", "SELECT * FROM platform.bi_make_views()"],
  ["drop-views", "SELECT platform.bi_drop_views()"],
  ["become-owner", "SET LOCAL ROLE bi_owner"],
  ["become-odoo", "SET LOCAL ROLE odoo_app"],
  ...FALSE_RECORDS,
];
