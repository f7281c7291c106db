-- Roles, in database postgres. Passwords are not here: init sets them from files, and only those that changed.

SELECT format('CREATE ROLE %I', name)
  FROM unnest(ARRAY['odoo_app', 'odoo_reporting', 'odoo_mcp', 'mcp_audit', 'exporter', 'backup', 'superset', 'keycloak', 'shell', 'bi_owner', 'monitoring_owner']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

-- Owns its database and nothing above it. The limit leaves connections for everybody else when workers run wild.
ALTER ROLE odoo_app LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT :odoo_app_connections;
\if :createdb
  ALTER ROLE odoo_app CREATEDB;
\else
  ALTER ROLE odoo_app NOCREATEDB;
\endif

-- Owns the views that analysts read; nobody is this role, so a view's rights can't be borrowed by logging in.
ALTER ROLE bi_owner NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS;

-- Owns what the platform records of itself.
ALTER ROLE monitoring_owner NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS;

-- Readers of those views. The settings below bound honest mistakes; what holds against a hostile client, who may change
-- them, are the missing rights and the limits on connections and temporary files, which he may not.
ALTER ROLE odoo_reporting LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS CONNECTION LIMIT :odoo_reporting_connections;
ALTER ROLE odoo_reporting SET default_transaction_read_only = on;
ALTER ROLE odoo_reporting SET statement_timeout = '60s';
ALTER ROLE odoo_reporting SET lock_timeout = '2s';
ALTER ROLE odoo_reporting SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE odoo_reporting SET temp_file_limit = '1GB';
ALTER ROLE odoo_reporting SET search_path = bi;

ALTER ROLE odoo_mcp LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS CONNECTION LIMIT :odoo_mcp_connections;
ALTER ROLE odoo_mcp SET default_transaction_read_only = on;
ALTER ROLE odoo_mcp SET statement_timeout = '15s';
ALTER ROLE odoo_mcp SET lock_timeout = '2s';
ALTER ROLE odoo_mcp SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE odoo_mcp SET temp_file_limit = '256MB';
ALTER ROLE odoo_mcp SET search_path = bi;

-- Writes down what assistants call, by functions alone.
ALTER ROLE mcp_audit LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS CONNECTION LIMIT :mcp_audit_connections;
ALTER ROLE mcp_audit SET statement_timeout = '5s';
ALTER ROLE mcp_audit SET search_path = monitoring;

ALTER ROLE exporter LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE INHERIT NOREPLICATION NOBYPASSRLS CONNECTION LIMIT :exporter_connections;
ALTER ROLE exporter SET statement_timeout = '10s';
GRANT pg_monitor TO exporter;

-- Starts and stops backups, and records them in schema monitoring; reads no other table of any database.
ALTER ROLE backup LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE INHERIT NOREPLICATION NOBYPASSRLS CONNECTION LIMIT :backup_connections;
GRANT pg_read_all_settings, pg_checkpoint TO backup;

ALTER ROLE superset LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS CONNECTION LIMIT :superset_connections;

ALTER ROLE keycloak LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS CONNECTION LIMIT :keycloak_connections;

-- Writes down who opens a terminal, and reads nothing.
ALTER ROLE shell LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS CONNECTION LIMIT :shell_connections;
ALTER ROLE shell SET statement_timeout = '10s';

-- A membership that nobody planned is a right that nobody planned.
SELECT format('REVOKE %s FROM %s GRANTED BY %s', roleid::regrole, member::regrole, grantor::regrole)
  FROM pg_auth_members
 WHERE member::regrole::text IN ('odoo_app', 'odoo_reporting', 'odoo_mcp', 'mcp_audit', 'exporter', 'backup', 'superset', 'keycloak', 'shell', 'bi_owner', 'monitoring_owner')
   AND (member::regrole::text, roleid::regrole::text) NOT IN (
         ('exporter', 'pg_monitor'), ('backup', 'pg_read_all_settings'), ('backup', 'pg_checkpoint')) \gexec
