-- Inside Odoo's database: what the views of schema bi are, and the functions that make and drop them.
--
-- A view is made when the tables that it needs exist, and not before: which modules are installed is the stack's
-- decision. PostgreSQL refuses to change or drop a column that a view uses. So whoever updates modules calls
--
--   SELECT platform.bi_drop_views();          -- before
--   SELECT * FROM platform.bi_make_views();   -- after, and at any other time: what is as it should be is left alone
--
-- and for those who don't know of it (the Apps menu), 95-follow.sql does the same within their transaction.
-- Both run with the rights of bi_owner, whoever calls them, and take no argument: nothing can be slipped into them.

CREATE SCHEMA IF NOT EXISTS platform;
REVOKE ALL ON SCHEMA platform FROM PUBLIC;
GRANT USAGE ON SCHEMA platform TO odoo_app, bi_owner;

CREATE TABLE IF NOT EXISTS platform.bi_views (
  name text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9_]*$'),
  -- Tables that must exist.
  needs text[] NOT NULL,
  -- May assistants (odoo_mcp) read it too?
  mcp boolean NOT NULL,
  -- What a row is.
  says text NOT NULL,
  -- {{expression}} stands for the English text, or any other, of a translated column.
  query text NOT NULL,
  -- What each column means: every column of the query, and no other.
  columns jsonb NOT NULL,
  -- What the existing view was made from; null when there is none.
  made text
);
GRANT SELECT, UPDATE (made) ON platform.bi_views TO bi_owner;
GRANT SELECT ON platform.bi_views TO odoo_app;

-- What the files that follow define. A view that none of them names any more is dropped below.
CREATE TEMPORARY TABLE bi_wanted (LIKE platform.bi_views INCLUDING DEFAULTS);

CREATE OR REPLACE FUNCTION platform.bi_drop_views() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
  found record;
BEGIN
  FOR found IN SELECT relname FROM pg_class WHERE relnamespace = 'bi'::regnamespace AND relkind = 'v' LOOP
    EXECUTE format('DROP VIEW IF EXISTS bi.%I CASCADE', found.relname);
  END LOOP;
  UPDATE platform.bi_views SET made = NULL WHERE made IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION platform.bi_make_views()
RETURNS TABLE (view text, state text, detail text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
  wanted platform.bi_views;
  missing text;
  strange text;
  digest text;
BEGIN
  -- One at a time: two jobs would drop each other's.
  PERFORM pg_advisory_xact_lock(hashtext('platform.bi_make_views'));
  FOR wanted IN SELECT * FROM platform.bi_views ORDER BY name LOOP
    view := wanted.name;
    detail := '';
    SELECT string_agg(name, ', ' ORDER BY name) INTO missing
      FROM unnest(wanted.needs) AS name WHERE to_regclass(name) IS NULL;
    IF missing IS NOT NULL THEN
      EXECUTE format('DROP VIEW IF EXISTS bi.%I CASCADE', wanted.name);
      UPDATE platform.bi_views SET made = NULL WHERE name = wanted.name AND made IS NOT NULL;
      state := 'absent';
      detail := 'needs ' || missing;
      RETURN NEXT;
      CONTINUE;
    END IF;
    digest := md5(wanted.query || wanted.columns::text || wanted.says);
    state := 'there';
    IF to_regclass('bi.' || wanted.name) IS NULL OR wanted.made IS DISTINCT FROM digest THEN
      BEGIN
        EXECUTE format('DROP VIEW IF EXISTS bi.%I CASCADE', wanted.name);
        EXECUTE format(
          'CREATE VIEW bi.%I WITH (security_barrier) AS %s', wanted.name,
          regexp_replace(wanted.query, '\{\{([^}]+)\}\}',
            'coalesce((\1)->>''en_US'', (SELECT min(value) FROM jsonb_each_text(\1)))', 'g'));
        EXECUTE format('COMMENT ON VIEW bi.%I IS %L', wanted.name, wanted.says);
        SELECT string_agg(coalesce(attname, key), ', ') INTO strange
          FROM (SELECT attname::text FROM pg_attribute
                 WHERE attrelid = to_regclass('bi.' || wanted.name) AND attnum > 0) AS has
          FULL JOIN jsonb_object_keys(wanted.columns) AS key ON key = attname
         WHERE attname IS NULL OR key IS NULL;
        IF strange IS NOT NULL THEN
          RAISE EXCEPTION 'columns and their descriptions differ: %', strange;
        END IF;
        FOR strange, detail IN SELECT * FROM jsonb_each_text(wanted.columns) LOOP
          EXECUTE format('COMMENT ON COLUMN bi.%I.%I IS %L', wanted.name, strange, detail);
        END LOOP;
        UPDATE platform.bi_views SET made = digest WHERE name = wanted.name;
        state := 'made';
        detail := '';
      EXCEPTION WHEN OTHERS THEN
        -- One view that a new version of a module broke must not take the others, or the update, with it.
        state := 'broken';
        detail := SQLERRM;
        RETURN NEXT;
        CONTINUE;
      END;
    END IF;
    EXECUTE format('GRANT SELECT ON bi.%I TO odoo_reporting', wanted.name);
    EXECUTE format(
      CASE WHEN wanted.mcp THEN 'GRANT SELECT ON bi.%I TO odoo_mcp' ELSE 'REVOKE ALL ON bi.%I FROM odoo_mcp' END,
      wanted.name);
    RETURN NEXT;
  END LOOP;
END $$;

ALTER FUNCTION platform.bi_drop_views() OWNER TO bi_owner;
ALTER FUNCTION platform.bi_make_views() OWNER TO bi_owner;
REVOKE ALL ON FUNCTION platform.bi_drop_views(), platform.bi_make_views() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.bi_drop_views(), platform.bi_make_views() TO odoo_app;
