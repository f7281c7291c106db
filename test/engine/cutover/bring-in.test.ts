import { spawnSync } from "node:child_process";

import { describe, expect, it } from "vitest";

import { FILTER } from "../../../engine/cutover/bring-in.ts";

/** What of a dump is run. */
const kept = (...lines: string[]) =>
  spawnSync("perl", ["-ne", FILTER], { input: `${lines.join("\n")}\n`, encoding: "utf8" })
    .stdout.trimEnd()
    .split("\n");

describe("what is run of a dump", () => {
  it("is what makes tables and fills them", () => {
    const lines = [
      "SET statement_timeout = 0;",
      "SELECT pg_catalog.set_config('search_path', '', false);",
      "CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;",
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
    "\\connect other",
    "\\restrict key",
    "ALTER TABLE public.res_partner OWNER TO somebody;",
    "GRANT ALL ON SCHEMA public TO somebody;",
    "REVOKE ALL ON SCHEMA public FROM PUBLIC;",
    "COMMENT ON EXTENSION unaccent IS 'text search dictionary';",
    "SET SESSION AUTHORIZATION postgres;",
    "SET ROLE postgres;",
    "RESET ROLE;",
    "CREATE EVENT TRIGGER own ON ddl_command_end EXECUTE FUNCTION own();",
  ])("is not %s", (line) => {
    expect(kept("SELECT 1;", line, "SELECT 2;")).toEqual(["SELECT 1;", "SELECT 2;"]);
  });

  it("leaves rows as they are, whatever they look like", () => {
    const lines = ["COPY public.note (text) FROM stdin;", "\\N", "GRANT me this", "SET ROLE postgres;", "\\."];
    expect(kept(...lines)).toEqual(lines);
  });
});
