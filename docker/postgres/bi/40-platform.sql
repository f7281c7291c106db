-- Health of the platform itself, from what it records in schema monitoring.

SELECT to_regnamespace('monitoring') IS NOT NULL AS monitored \gset
\if :monitored
GRANT USAGE ON SCHEMA monitoring TO bi_owner;
GRANT SELECT ON ALL TABLES IN SCHEMA monitoring TO bi_owner;
\endif

INSERT INTO bi_wanted (name, needs, mcp, says, query, columns) VALUES
('platform_gates', '{monitoring.gates}', false,
 'Verdict on each phase of the master plan, as last decided.',
 $q$ SELECT phase, status, passed, total, at FROM monitoring.gates $q$,
 '{"phase": "Phase, 0 to 7", "status": "GO, NO-GO, PARTIAL or PENDING", "passed": "Tasks that hold", "total": "Tasks", "at": "When it was decided"}'),

('platform_backups', '{monitoring.backups}', false,
 'Backups, one a row.',
 $q$
 SELECT id AS backup, kind, started_at, ended_at, started_at::date AS day, status, size_bytes,
        extract(epoch FROM ended_at - started_at)::double precision AS seconds, detail
   FROM monitoring.backups
 $q$,
 '{"backup": "Id", "kind": "Kind", "started_at": "Start", "ended_at": "End", "day": "Day of the start", "status": "ok, degraded or failed",
   "size_bytes": "Size", "seconds": "Duration", "detail": "What was seen"}'),

('platform_restore_tests', '{monitoring.restore_tests,monitoring.drills}', false,
 'Restore tests and disaster drills, one a row.',
 $q$
 SELECT 'restore test' AS kind, id AS test, region, backup_id AS backup, started_at, ended_at, holds, rpo_seconds, rto_seconds, detail
   FROM monitoring.restore_tests
 UNION ALL
 SELECT 'drill', id, region, backup_id, started_at, ended_at, holds, rpo_seconds, rto_seconds, detail FROM monitoring.drills
 $q$,
 '{"kind": "restore test or drill", "test": "Id", "region": "Region that it was restored from", "backup": "Backup that was restored", "started_at": "Start",
   "ended_at": "End", "holds": "Whether what was restored was whole", "rpo_seconds": "Age of the newest row that came back", "rto_seconds": "Time until a login worked",
   "detail": "What was seen"}'),

('platform_heartbeat', '{monitoring.heartbeat}', false,
 'Heartbeats by hour: how many rows were written, and the longest silence between two.',
 $q$
 SELECT date_trunc('hour', at) AS hour, count(*) AS beats, max(extract(epoch FROM silence))::double precision AS longest_silence_seconds
   FROM (SELECT at, at - lag(at) OVER (ORDER BY at) AS silence FROM monitoring.heartbeat) AS beats
  GROUP BY 1
 $q$,
 '{"hour": "Hour", "beats": "Rows written", "longest_silence_seconds": "Longest time without a row; null for the very first"}'),

-- PostgreSQL's own figures, so that there is something to see from the first minute.
('platform_tables', '{public.ir_module_module}', false,
 'Size and rows of the largest tables of Odoo''s database.',
 $q$
 SELECT relname::text AS table_name, pg_total_relation_size(oid) AS bytes, greatest(reltuples, 0)::bigint AS estimated_rows
   FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 2 DESC LIMIT 50
 $q$,
 '{"table_name": "Table", "bytes": "Size with indexes", "estimated_rows": "Rows, as last analysed"}'),

('platform_modules', '{public.ir_module_module}', false,
 'Modules that are installed, or stuck on the way.',
 $q$ SELECT name::text AS module, state::text, latest_version::text AS version FROM public.ir_module_module WHERE state <> 'uninstalled' AND state <> 'uninstallable' $q$,
 '{"module": "Technical name", "state": "installed, to upgrade, to install or to remove", "version": "Installed version"}'),

('platform_scheduled_actions', '{public.ir_cron}', false,
 'Scheduled actions of Odoo and whether they are late.',
 $q$
 SELECT cron_name::text AS action, active, nextcall AS next_at, lastcall AS last_at, active AND nextcall < now() AT TIME ZONE 'UTC' - interval '1 hour' AS late,
        failure_count AS failures
   FROM public.ir_cron
 $q$,
 '{"action": "Name", "active": "Whether it runs at all", "next_at": "Next run (UTC)", "last_at": "Last run (UTC)", "late": "Whether it should have run more than an hour ago",
   "failures": "Failures in a row"}');
