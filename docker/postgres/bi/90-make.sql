-- Takes over what the files before defined, and makes what can be made.

INSERT INTO platform.bi_views (name, needs, mcp, says, query, columns)
SELECT name, needs, mcp, says, query, columns FROM bi_wanted
ON CONFLICT (name) DO UPDATE
  SET needs = excluded.needs, mcp = excluded.mcp, says = excluded.says, query = excluded.query, columns = excluded.columns;

SELECT format('DROP VIEW IF EXISTS bi.%I CASCADE', name)
  FROM platform.bi_views WHERE name NOT IN (SELECT name FROM bi_wanted) \gexec
DELETE FROM platform.bi_views WHERE name NOT IN (SELECT name FROM bi_wanted);

-- Said in the job's log; Odoo works without its views.
\pset format unaligned
\pset tuples_only on
SELECT format('postgres-init: view bi.%s is %s: %s', view, state, detail)
  FROM platform.bi_make_views() WHERE state = 'broken';
