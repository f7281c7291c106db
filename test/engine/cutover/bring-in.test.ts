import { spawnSync } from "node:child_process";

import { describe, expect, it } from "vitest";

import { EXTENSIONS, FILTER } from "../../../engine/cutover/bring-in.ts";

const perl = (program: string, lines: readonly string[]) =>
  spawnSync("perl", ["-ne", program], { input: `${lines.join("\n")}\n`, encoding: "utf8" })
    .stdout.trimEnd()
    .split("\n");

/** What of a dump is run. */
const kept = (...lines: string[]) => perl(FILTER, lines);

describe("what is run of a dump", () => {
  it("is what makes tables and fills them", () => {
    const lines = [
      "SET statement_timeout = 0;",
      "SELECT pg_catalog.set_config('search_path', '', false);",
      "CREATE TABLE public.res_partner (id integer NOT NULL);",
      "COPY public.res_partner (id) FROM stdin;",
      "1",
      "\\.",
      "ALTER TABLE ONLY public.res_partner ADD CONSTRAINT res_partner_pkey PRIMARY KEY (id);",
    ];
    expect(kept(...lines)).toEqual(lines);
  });

  it.each([
    "\\! touch /tmp/here",
    "CREATE EXTENSION IF NOT EXISTS amcheck WITH SCHEMA public;",
    "\\connect other",
    "\\restrict key",
    "ALTER TABLE public.res_partner OWNER TO somebody;",
    "GRANT ALL ON SCHEMA public TO somebody;",
    "REVOKE ALL ON SCHEMA public FROM PUBLIC;",
    "ALTER DEFAULT PRIVILEGES FOR ROLE odoo_app IN SCHEMA public GRANT SELECT ON TABLES TO odoo_reporting;",
    "COMMENT ON EXTENSION unaccent IS 'text search dictionary';",
    "SET SESSION AUTHORIZATION postgres;",
    "SET ROLE postgres;",
    "RESET ROLE;",
    "CREATE EVENT TRIGGER own ON ddl_command_end EXECUTE FUNCTION own();",
  ])("is not %s", (line) => {
    expect(kept("SELECT 1;", line, "SELECT 2;")).toEqual(["SELECT 1;", "SELECT 2;"]);
  });

  it("is no part of a statement that is none", () => {
    const trigger = [
      "CREATE EVENT TRIGGER own ON ddl_command_end",
      "         WHEN TAG IN ('ALTER TABLE')",
      "   EXECUTE FUNCTION own();",
    ];
    expect(kept("SELECT 1;", ...trigger, "SELECT 2;")).toEqual(["SELECT 1;", "SELECT 2;"]);
  });

  it("leaves rows as they are, whatever they look like", () => {
    const lines = ["COPY public.note (text) FROM stdin;", "\\N", "GRANT me this", "SET ROLE postgres;", "\\."];
    expect(kept(...lines)).toEqual(lines);
  });
});

describe("extensions that a dump asks for", () => {
  it("are named, and nothing else is", () => {
    const lines = [
      'CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public;',
      "CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;",
      'CREATE EXTENSION IF NOT EXISTS "x"; DROP TABLE res_users; --" WITH SCHEMA public;',
    ];
    expect(perl(EXTENSIONS, lines)).toEqual(["uuid-ossp", "pg_trgm"]);
  });
});
