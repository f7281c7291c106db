-- Views follow the tables of Odoo by themselves. A change of type or a dropped column, which PostgreSQL refuses while a
-- view uses the column, drops the views first; they are made again when the transaction commits, as those are
-- made that lacked a table or a column until then. Readers see the old views or the new ones, never none. Whatever fails here must not fail Odoo's update: it is
-- left for bi_make_views to find.

CREATE TABLE IF NOT EXISTS platform.bi_pending (transaction xid8 PRIMARY KEY);
GRANT SELECT, INSERT, DELETE ON platform.bi_pending TO bi_owner;

CREATE OR REPLACE FUNCTION platform.bi_on_change() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
BEGIN
  IF tg_tag = 'ALTER TABLE' THEN
    IF current_query() ~* '\m(type|drop\s+column)\M' THEN
      PERFORM platform.bi_drop_views();
    ELSIF NOT (current_query() ~* '\madd\s+column\M' AND EXISTS (SELECT FROM platform.bi_views WHERE made IS NULL)) THEN
      RETURN;
    END IF;
  END IF;
  INSERT INTO platform.bi_pending VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
EXCEPTION WHEN OTHERS THEN
  RAISE LOG 'bi: views can''t follow %: %', tg_tag, SQLERRM;
END $$;

CREATE OR REPLACE FUNCTION platform.bi_on_commit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
BEGIN
  DELETE FROM platform.bi_pending WHERE transaction = NEW.transaction;
  PERFORM platform.bi_make_views();
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  RAISE LOG 'bi: views can''t be made again: %', SQLERRM;
  RETURN NULL;
END $$;

ALTER FUNCTION platform.bi_on_change() OWNER TO bi_owner;
ALTER FUNCTION platform.bi_on_commit() OWNER TO bi_owner;

DROP TRIGGER IF EXISTS bi_on_commit ON platform.bi_pending;
CREATE CONSTRAINT TRIGGER bi_on_commit AFTER INSERT ON platform.bi_pending
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION platform.bi_on_commit();

DROP EVENT TRIGGER IF EXISTS bi_on_change;
CREATE EVENT TRIGGER bi_on_change ON ddl_command_start WHEN TAG IN ('ALTER TABLE', 'CREATE TABLE')
  EXECUTE FUNCTION platform.bi_on_change();
