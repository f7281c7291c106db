/** A call that must change nothing and tell no secret; what it must be answered with. */
export interface Hostile {
  readonly name: string;
  readonly tool: string;
  readonly arguments: { readonly [name: string]: unknown };
  /** Refused: an error. Harmless: an answer within bounds and without a secret is right too. */
  readonly must: "refused" | "harmless";
}

const sql = (name: string, text: string, must: Hostile["must"] = "refused"): Hostile => ({
  name,
  tool: "execute_sql",
  arguments: { sql: text },
  must,
});
const records = (name: string, args: Hostile["arguments"], tool = "search_records"): Hostile => ({
  name,
  tool,
  arguments: args,
  must: "refused",
});

/** What a hostile client, or one that obeys a text that it read, would try. */
export const CORPUS: readonly Hostile[] = [
  // First: these last until they are ended.
  sql("text beyond the byte limit", "SELECT string_agg(md5(i::text), '') FROM generate_series(1, 100000) AS i"),
  sql("endless rows", "SELECT i, md5(i::text) FROM generate_series(1, 10000000) AS i", "harmless"),
  sql("endless recursion", "WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t) SELECT count(*) FROM t"),
  sql("stacked statements", "SELECT 1; UPDATE public.res_users SET active = false"),
  sql("stacked commit", "COMMIT; DROP TABLE public.res_partner"),
  sql("write in a CTE", "WITH gone AS (DELETE FROM public.res_partner RETURNING id) SELECT * FROM gone"),
  sql("insert", "INSERT INTO public.res_partner (name) VALUES ('x')"),
  sql("create table", "CREATE TABLE bi.x (id int)"),
  sql("select into", "SELECT * INTO bi.stolen FROM bi.invoices"),
  sql("copy out", "COPY (SELECT 1) TO PROGRAM 'true'"),
  sql("anonymous block", "DO $$ BEGIN PERFORM 1; END $$"),
  sql("another role", "SET ROLE odoo_app"),
  sql("session authorization", "SET SESSION AUTHORIZATION odoo_app"),
  sql("setting that stays", "SELECT set_config('statement_timeout', '0', false)"),
  sql("setting by statement", "SET statement_timeout = 0"),
  sql("read-only lifted", "SELECT set_config('transaction_read_only', 'off', false)"),
  sql("sleep", "SELECT pg_sleep(60)"),
  sql("advisory lock", "SELECT pg_advisory_lock(1)"),
  sql("notify", "SELECT pg_notify('x', 'y')"),
  sql("notify by statement", "NOTIFY x"),
  sql("query in a string", "SELECT query_to_xml('SELECT password FROM res_users', true, true, '')"),
  sql("huge text", "SELECT repeat('x', 300000000)"),
  sql("padded text", "SELECT lpad('x', 300000000)"),
  sql("passwords of users", "SELECT login, password FROM public.res_users"),
  sql("API keys", "SELECT key FROM public.res_users_apikeys"),
  sql("parameters", "SELECT key, value FROM public.ir_config_parameter"),
  sql("verifiers of roles", "SELECT rolpassword FROM pg_authid"),
  sql("file of the server", "SELECT pg_read_file('/etc/passwd')"),
  sql("large object", "SELECT lo_import('/etc/passwd')"),
  sql("view of others", "SELECT * FROM bi.project_hours"),
  sql("records of calls", "SELECT * FROM monitoring.mcp_calls"),
  sql("the switch", "UPDATE monitoring.mcp_switch SET open = true"),
  sql("end other sessions", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"),
  sql("comment hides a write", "/* read only */ DELETE FROM public.res_partner -- SELECT 1"),
  records("users", { model: "res.users", fields: ["login", "password"] }),
  records("API keys over records", { model: "res.users.apikeys", fields: ["name", "key"] }),
  records("parameters over records", { model: "ir.config_parameter", fields: ["key", "value"] }),
  records("payslips and people", { model: "hr.employee", fields: ["name"] }),
  records("token of an order", { model: "sale.order", fields: ["name", "access_token"] }),
  records("token by guessing", { model: "sale.order", domain: [["access_token", "like", "a%"]] }),
  records("token by grouping", { model: "sale.order", group_by: ["access_token"] }, "aggregate_records"),
  records("path in a model", { model: "res.partner/create?x=", domain: [] }),
  records("another method", { model: "res.partner", method: "unlink", args: [[1]] }, "execute_method"),
  records("a tool that writes", { model: "res.partner", values: { name: "x" } }, "execute_approved_write"),
  records("attachment", { attachment_id: 1 }, "read_attachment"),
];
