-- Databases and who may enter them, in database postgres.

SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING UTF8', name, owner)
  FROM (VALUES (:'odoo_db', 'odoo_app'), ('superset', 'superset'), ('keycloak', 'keycloak')) AS wanted (name, owner)
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = name) \gexec

SELECT format('ALTER DATABASE %I OWNER TO %I', name, owner)
  FROM (VALUES (:'odoo_db', 'odoo_app'), ('superset', 'superset'), ('keycloak', 'keycloak')) AS wanted (name, owner)
  JOIN pg_database ON datname = name
 WHERE datdba <> owner::regrole \gexec

-- Nobody may enter it while it is copied before an update. Where that was killed, it is let open again.
SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS true', datname)
  FROM pg_database WHERE datname = :'odoo_db' AND NOT datallowconn \gexec

-- PostgreSQL lets everybody into every new database, and write temporary tables there.
SELECT format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', datname)
  FROM pg_database
 WHERE datallowconn
   AND (has_database_privilege('public', oid, 'CONNECT') OR has_database_privilege('public', oid, 'TEMPORARY')) \gexec

GRANT CONNECT ON DATABASE :"odoo_db" TO odoo_reporting, odoo_mcp, mcp_audit, exporter, shell, backup;
GRANT CONNECT ON DATABASE postgres TO odoo_app, exporter, backup;
