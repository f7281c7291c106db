-- Inside Odoo's database: the calls of assistants, and the switch that ends them. The gateway reaches both by functions
-- alone: it can begin and end a record, never read, change or remove one.

BEGIN;
SET LOCAL ROLE monitoring_owner;

CREATE TABLE IF NOT EXISTS monitoring.mcp_calls (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  who text NOT NULL,
  client text NOT NULL,
  tool text NOT NULL,
  -- As given, cut off where they are long.
  arguments text NOT NULL,
  outcome text NOT NULL DEFAULT 'running' CHECK (outcome IN ('running', 'ok', 'refused', 'error')),
  ended_at timestamptz,
  rows int,
  bytes int,
  detail text
);
CREATE INDEX IF NOT EXISTS mcp_calls_at ON monitoring.mcp_calls (at);

-- One row. A missing one is off.
CREATE TABLE IF NOT EXISTS monitoring.mcp_switch (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  open boolean NOT NULL,
  who text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE OR REPLACE FUNCTION monitoring.mcp_open() RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT open FROM monitoring.mcp_switch), false)
$$;

CREATE OR REPLACE FUNCTION monitoring.mcp_begin(who text, client text, tool text, arguments text) RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made uuid;
BEGIN
  IF NOT monitoring.mcp_open() THEN
    RAISE EXCEPTION 'assistants are switched off' USING ERRCODE = 'MCP01';
  END IF;
  INSERT INTO monitoring.mcp_calls (who, client, tool, arguments) VALUES ($1, $2, $3, $4) RETURNING id INTO made;
  RETURN made;
END $$;

CREATE OR REPLACE FUNCTION monitoring.mcp_end(call uuid, outcome text, rows int, bytes int, detail text) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE monitoring.mcp_calls SET outcome = $2, rows = $3, bytes = $4, detail = $5, ended_at = clock_timestamp()
   WHERE id = $1 AND ended_at IS NULL
$$;

REVOKE ALL ON FUNCTION monitoring.mcp_open(), monitoring.mcp_begin(text, text, text, text),
  monitoring.mcp_end(uuid, text, int, int, text) FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA monitoring FROM mcp_audit;
REVOKE ALL ON SCHEMA monitoring FROM mcp_audit;
GRANT USAGE ON SCHEMA monitoring TO mcp_audit;
GRANT EXECUTE ON FUNCTION monitoring.mcp_open(), monitoring.mcp_begin(text, text, text, text),
  monitoring.mcp_end(uuid, text, int, int, text) TO mcp_audit;
-- What was asked may hold names of people: those who watch the machine see that there are calls, not what they say.
REVOKE ALL ON monitoring.mcp_calls FROM exporter;
GRANT SELECT (id, at, tool, outcome, ended_at, rows, bytes) ON monitoring.mcp_calls TO exporter;
GRANT SELECT ON monitoring.mcp_calls, monitoring.mcp_switch TO odoo_app, odoo_reporting;
GRANT SELECT ON monitoring.mcp_switch TO exporter;

INSERT INTO monitoring.mcp_switch (open, who) VALUES (true, 'postgres-init') ON CONFLICT DO NOTHING;
COMMIT;
