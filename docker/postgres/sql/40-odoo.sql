-- Inside Odoo's database: extensions, which odoo_app may not create itself, and the schema that analysts read.

CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
CREATE EXTENSION IF NOT EXISTS amcheck SCHEMA public;

-- Odoo uses unaccent in indexes, which needs an immutable function; where it creates the extension itself, it declares
-- it so too. It holds as long as the rules file does not change, which only a major upgrade brings.
SELECT 'ALTER FUNCTION public.unaccent(text) IMMUTABLE'
  FROM pg_proc WHERE oid = 'public.unaccent(text)'::regprocedure AND provolatile <> 'i' \gexec

-- The owner of the database owns schema public through pg_database_owner; nobody else has business there.
REVOKE ALL ON SCHEMA public FROM PUBLIC;

CREATE SCHEMA IF NOT EXISTS bi AUTHORIZATION bi_owner;
GRANT USAGE ON SCHEMA public TO bi_owner;
-- Odoo makes tables at every module installation; a view over a new one must not need another run of this job.
ALTER DEFAULT PRIVILEGES FOR ROLE odoo_app IN SCHEMA public GRANT SELECT ON TABLES TO bi_owner;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO bi_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE bi_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- What was granted by hand goes: readers read views of bi, and nothing else of anybody's.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM odoo_reporting, odoo_mcp, mcp_audit, exporter, backup, superset, keycloak, shell;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM odoo_reporting, odoo_mcp, mcp_audit, exporter, backup, superset, keycloak, shell;
REVOKE ALL ON SCHEMA public FROM odoo_reporting, odoo_mcp, mcp_audit, exporter, backup, superset, keycloak, shell;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER, MAINTAIN ON ALL TABLES IN SCHEMA bi FROM odoo_reporting, odoo_mcp;
REVOKE CREATE ON SCHEMA bi FROM odoo_app, odoo_reporting, odoo_mcp;

GRANT USAGE ON SCHEMA bi TO odoo_reporting, odoo_mcp;
-- odoo_reporting reads every view of bi; odoo_mcp only those granted to it by name.
GRANT SELECT ON ALL TABLES IN SCHEMA bi TO odoo_reporting;
ALTER DEFAULT PRIVILEGES FOR ROLE bi_owner IN SCHEMA bi GRANT SELECT ON TABLES TO odoo_reporting;
