-- Rights inside database postgres, which the backup role and the exporter connect to.

REVOKE ALL ON SCHEMA public FROM PUBLIC;

-- Function rights are kept per database. This is what pgBackRest calls.
GRANT EXECUTE ON FUNCTION
  pg_backup_start(text, boolean), pg_backup_stop(boolean), pg_switch_wal(), pg_create_restore_point(text)
  TO backup;

CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA public;
GRANT USAGE ON SCHEMA public TO exporter;
