-- What alerts ask of Odoo's database, as numbers: whoever reads them sees no row of any table.

-- Odoo makes tables at every module installation; a fact of a new one must not need another run of this job.
GRANT USAGE ON SCHEMA public TO monitoring_owner;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO monitoring_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE odoo_app IN SCHEMA public GRANT SELECT ON TABLES TO monitoring_owner;

SET ROLE monitoring_owner;

-- Every question is asked by itself: a table that isn't there has none (its module is not installed), and one that an
-- update changed makes a fact `broken` with the name of the question, while the others are still answered.
CREATE OR REPLACE FUNCTION monitoring.facts() RETURNS TABLE (fact text, subject text, value double precision)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $facts$
DECLARE
  question record;
BEGIN
  FOR question IN
    SELECT * FROM (VALUES
      ('heartbeat', 'monitoring.heartbeat', $$
        SELECT 'heartbeat_age_seconds', '', coalesce(extract(epoch FROM now() - max(at)), 'Infinity') FROM monitoring.heartbeat $$),
      ('backups', 'monitoring.backups', $$
        SELECT 'backup_age_seconds', '', coalesce(extract(epoch FROM now() - max(ended_at) FILTER (WHERE status = 'ok')), 'Infinity') FROM monitoring.backups
        UNION ALL
        (SELECT 'backup_whole', '', (status = 'ok')::int FROM monitoring.backups WHERE status IS NOT NULL ORDER BY ended_at DESC LIMIT 1) $$),
      ('restore tests', 'monitoring.restore_tests', $$
        SELECT 'restore_test_holds', region, holds::int FROM
          (SELECT DISTINCT ON (region) region, holds FROM monitoring.restore_tests WHERE holds IS NOT NULL ORDER BY region, ended_at DESC) AS newest $$),
      ('drills', 'monitoring.drills', $$
        SELECT 'drill_age_seconds', '', coalesce(extract(epoch FROM now() - max(ended_at) FILTER (WHERE holds)), 'Infinity') FROM monitoring.drills $$),
      ('gates', 'monitoring.gates', $$
        SELECT 'gate_go', phase::text, (status = 'GO')::int FROM monitoring.gates $$),
      ('sessions', 'monitoring.sessions', $$
        SELECT 'production_sessions', '', count(*) FROM monitoring.sessions
         WHERE stage = 'production' AND (ended_at IS NULL OR ended_at > now() - interval '5 minutes') $$),
      ('connections', 'pg_catalog.pg_stat_activity', $$
        SELECT 'connections_share', rolname, count(pid) / rolconnlimit::float8
          FROM pg_roles LEFT JOIN pg_stat_activity ON usesysid = pg_roles.oid
         WHERE rolconnlimit > 0 GROUP BY rolname, rolconnlimit $$),
      ('crons', 'public.ir_cron', $$
        SELECT 'crons_late', '', count(*) FILTER (WHERE nextcall < now() AT TIME ZONE 'UTC' - interval '15 minutes') FROM public.ir_cron WHERE active
        UNION ALL SELECT 'crons_failing', '', count(*) FILTER (WHERE failure_count > 0) FROM public.ir_cron WHERE active $$),
      ('mail', 'public.mail_mail', $$
        SELECT 'mails_failed', '', count(*) FILTER (WHERE state = 'exception') FROM public.mail_mail
        UNION ALL SELECT 'mails_stuck', '', count(*) FROM public.mail_mail
         WHERE state = 'outgoing' AND coalesce(scheduled_date, create_date) < now() AT TIME ZONE 'UTC' - interval '2 hours' $$),
      ('queue', 'public.queue_job', $$
        SELECT 'jobs_failed', '', count(*) FILTER (WHERE state = 'failed') FROM public.queue_job
        UNION ALL SELECT 'jobs_stuck', '', count(*) FROM public.queue_job
         WHERE state IN ('pending', 'enqueued') AND coalesce(eta, date_created) < now() AT TIME ZONE 'UTC' - interval '1 hour' $$),
      -- Odoo removes a key soon after its end: one that has gone is known by whoever used it.
      ('keys', 'public.res_users_apikeys', $$
        SELECT 'api_keys_expiring', '', count(*) FILTER (WHERE expiration_date < now() AT TIME ZONE 'UTC' + interval '7 days'
           AND expiration_date - create_date > interval '7 days') FROM public.res_users_apikeys $$)
    ) AS questions (name, relation, query)
  LOOP
    CONTINUE WHEN to_regclass(question.relation) IS NULL;
    BEGIN
      RETURN QUERY EXECUTE format('SELECT fact::text, subject::text, value::float8 FROM (%s) AS answer (fact, subject, value)', question.query);
    EXCEPTION WHEN OTHERS THEN
      RETURN QUERY SELECT 'broken', question.name::text, 1::float8;
    END;
  END LOOP;
END $facts$;

RESET ROLE;
REVOKE ALL ON FUNCTION monitoring.facts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION monitoring.facts() TO exporter;
