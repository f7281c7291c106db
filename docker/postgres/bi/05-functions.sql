-- Functions that PostgreSQL lets everybody call and that readers have no business with: each changes a setting for later
-- users of a pooled connection, holds a connection or a lock, reaches other sessions, writes, reads whole schemas in one
-- call, or makes a text of any size. Everybody else keeps them, except for large objects, which no right on a schema or table
-- forbids and which Odoo does not use. Function rights are kept per database.

SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f.oid::regprocedure)
  FROM pg_proc f
 WHERE pronamespace = 'pg_catalog'::regnamespace
   AND (proname IN ('set_config', 'pg_notify', 'pg_cancel_backend', 'pg_terminate_backend', 'pg_export_snapshot',
                    'pg_logical_emit_message', 'loread', 'lowrite', 'repeat', 'lpad', 'rpad', 'format')
        OR proname ~ '^(pg_sleep|pg_(try_)?advisory_|lo_|(query|table|cursor|schema|database)_to_xml)')
   AND has_function_privilege('public', f.oid, 'EXECUTE') \gexec

-- bi_owner too: what it owns runs with its rights.
SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.oid::regprocedure, string_agg(quote_ident(rolname), ', '))
  FROM pg_proc f, pg_roles
 WHERE pronamespace = 'pg_catalog'::regnamespace
   AND (proname IN ('set_config', 'pg_notify', 'pg_cancel_backend', 'pg_terminate_backend', 'pg_export_snapshot',
                    'pg_logical_emit_message', 'repeat', 'lpad', 'rpad', 'format')
        OR proname ~ '^(pg_sleep|pg_(try_)?advisory_|(query|table|cursor|schema|database)_to_xml)')
   AND rolname !~ '^pg_' AND NOT rolsuper AND rolname NOT IN ('odoo_reporting', 'odoo_mcp', 'mcp_audit')
   AND NOT has_function_privilege(pg_roles.oid, f.oid, 'EXECUTE')
 GROUP BY f.oid \gexec
