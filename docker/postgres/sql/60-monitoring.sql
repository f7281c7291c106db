-- Inside Odoo's database: what the platform records of itself. It lies there, and not in a database of its own, so that a
-- restored copy says from when it is, and how its last backup and drill went.

CREATE SCHEMA IF NOT EXISTS monitoring AUTHORIZATION monitoring_owner;

-- In one transaction: rights are taken and given again without a moment in which a writer has none.
BEGIN;
SET LOCAL ROLE monitoring_owner;

-- A row for each beat. The newest one in a restored copy tells how much is lost.
CREATE TABLE IF NOT EXISTS monitoring.heartbeat (
  at timestamptz PRIMARY KEY DEFAULT clock_timestamp()
);

CREATE TABLE IF NOT EXISTS monitoring.backups (
  id text PRIMARY KEY,
  kind text NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz CHECK (ended_at >= started_at),
  -- Of an ended backup; while it runs it has none.
  status text CHECK (status IN ('ok', 'degraded', 'failed')),
  -- What each region holds, by its name.
  regions jsonb,
  size_bytes bigint CHECK (size_bytes >= 0),
  detail text,
  CHECK (status IS NULL OR ended_at IS NOT NULL)
);
CREATE INDEX IF NOT EXISTS backups_ended ON monitoring.backups (ended_at);

CREATE TABLE IF NOT EXISTS monitoring.restore_tests (
  id text PRIMARY KEY,
  region text NOT NULL,
  backup_id text,
  started_at timestamptz NOT NULL,
  ended_at timestamptz CHECK (ended_at >= started_at),
  holds boolean,
  rpo_seconds double precision,
  rto_seconds double precision,
  detail text,
  CHECK (holds IS NULL OR ended_at IS NOT NULL)
);

CREATE TABLE IF NOT EXISTS monitoring.drills (LIKE monitoring.restore_tests INCLUDING ALL);

CREATE TABLE IF NOT EXISTS monitoring.gates (
  phase int PRIMARY KEY,
  status text NOT NULL CHECK (status IN ('GO', 'NO-GO', 'PARTIAL', 'PENDING')),
  passed int NOT NULL,
  total int NOT NULL,
  at timestamptz NOT NULL,
  CHECK (passed BETWEEN 0 AND total)
);

CREATE TABLE IF NOT EXISTS monitoring.builds (
  id text PRIMARY KEY,
  branch text NOT NULL,
  commit text NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'green', 'yellow', 'red')),
  started_at timestamptz NOT NULL,
  ended_at timestamptz CHECK (ended_at >= started_at),
  -- Per cent.
  coverage double precision CHECK (coverage BETWEEN 0 AND 100),
  url text,
  detail text
);

CREATE TABLE IF NOT EXISTS monitoring.sessions (
  id text PRIMARY KEY,
  who text NOT NULL,
  kind text NOT NULL,
  stage text NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz CHECK (ended_at >= started_at),
  -- Where what was shown is kept.
  recording text
);

CREATE TABLE IF NOT EXISTS monitoring.promotions (
  id text PRIMARY KEY,
  from_stage text NOT NULL,
  to_stage text NOT NULL,
  who text NOT NULL,
  commit text NOT NULL,
  status text NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz CHECK (ended_at >= started_at),
  detail text
);

CREATE TABLE IF NOT EXISTS monitoring.updates (
  id text PRIMARY KEY,
  who text NOT NULL,
  commit text NOT NULL,
  from_image text NOT NULL,
  to_image text NOT NULL,
  -- Names of the modules that were updated or installed.
  modules jsonb NOT NULL,
  status text NOT NULL CHECK (status IN ('ok', 'rolled back')),
  started_at timestamptz NOT NULL,
  ended_at timestamptz NOT NULL CHECK (ended_at >= started_at),
  -- How long nobody was let in.
  closed_seconds double precision NOT NULL CHECK (closed_seconds >= 0),
  detail text
);

CREATE TABLE IF NOT EXISTS monitoring.clones (
  id text PRIMARY KEY,
  from_stack text NOT NULL,
  backup_id text NOT NULL,
  region text NOT NULL,
  who text NOT NULL,
  anonymised boolean NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz NOT NULL CHECK (ended_at >= started_at),
  detail text
);

-- What came from another Odoo, as it was given: rows and files were compared one by one before anybody was let in.
CREATE TABLE IF NOT EXISTS monitoring.cutovers (
  id text PRIMARY KEY,
  format text NOT NULL,
  version text NOT NULL,
  tables integer NOT NULL,
  rows bigint NOT NULL,
  attachments integer NOT NULL,
  missing integer NOT NULL,
  rehearsal_seconds double precision NOT NULL,
  rollback_seconds double precision NOT NULL,
  closed_seconds double precision NOT NULL,
  who text NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz NOT NULL CHECK (ended_at >= started_at)
);

-- A beat a minute is half a million rows a year, of which nobody asks for the old ones.
CREATE OR REPLACE FUNCTION monitoring.forget_heartbeats() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM monitoring.heartbeat WHERE at < now() - interval '30 days';
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER forget AFTER INSERT ON monitoring.heartbeat
  FOR EACH STATEMENT EXECUTE FUNCTION monitoring.forget_heartbeats();
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA monitoring FROM PUBLIC;

-- What was granted by hand goes.
REVOKE ALL ON ALL TABLES IN SCHEMA monitoring FROM PUBLIC, odoo_app, odoo_reporting, odoo_mcp, exporter, backup, superset, keycloak, shell;
REVOKE ALL ON SCHEMA monitoring FROM PUBLIC, odoo_app, odoo_reporting, odoo_mcp, exporter, backup, superset, keycloak, shell;
GRANT USAGE ON SCHEMA monitoring TO odoo_app, odoo_reporting, exporter, backup;
GRANT SELECT ON ALL TABLES IN SCHEMA monitoring TO odoo_app, odoo_reporting, exporter;
-- It writes down what it did, and can't remove it again. Reading them is part of INSERT … ON CONFLICT.
GRANT SELECT, INSERT, UPDATE ON monitoring.heartbeat, monitoring.backups, monitoring.restore_tests, monitoring.drills TO backup;
-- It writes down that a terminal was opened, and once that it ended; who and when can't be changed.
GRANT USAGE ON SCHEMA monitoring TO shell;
GRANT SELECT (id, ended_at), INSERT, UPDATE (ended_at) ON monitoring.sessions TO shell;

COMMIT;
