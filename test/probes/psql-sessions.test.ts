import { describe, expect, it } from "vitest";

import { arrange, parseOutcomes, runSessions, type Session, sessionScript } from "../../probes/psql-sessions.ts";
import { printed } from "./fixtures.ts";

const session = (key: string, changes: Partial<Session> = {}): Session => ({
  key,
  host: "postgres",
  sslmode: "verify-full",
  role: key,
  database: "odoo",
  password: "Abc123",
  allowed: true,
  ...changes,
});

describe("the script", () => {
  it("logs in over TLS with the name checked, tries in transactions, and rolls back", () => {
    const attempts = [
      { key: "read", sql: "SELECT 1" },
      { key: "write", sql: "CREATE TABLE t ()", before: "SET LOCAL x = 1" },
      { key: "alter", sql: "ALTER SYSTEM SET a = 1", bare: true },
    ];
    expect(sessionScript([[session("odoo_app", { attempts })]])).toMatchInlineSnapshot(`
      "psql -X -q -w -o /dev/null -h /run/postgresql -U postgres -d postgres <<'PSQL' || echo '@outcome broke' >&2
      \\set VERBOSITY sqlstate
      \\warn @outcome begin odoo_app
      \\connect "host=postgres port=5432 dbname=odoo user=odoo_app password=Abc123 sslmode=verify-full sslrootcert=/run/postgres-ca/ca.crt connect_timeout=5"
      \\warn @outcome is odoo_app 00000
      BEGIN;
      SELECT 1;
      \\set outcome :SQLSTATE
      ROLLBACK;
      \\warn @outcome is read :outcome
      BEGIN;
      SET LOCAL x = 1;
      CREATE TABLE t ();
      \\set outcome :SQLSTATE
      ROLLBACK;
      \\warn @outcome is write :outcome
      ALTER SYSTEM SET a = 1;
      \\warn @outcome is alter :SQLSTATE
      PSQL
      "
    `);
  });

  it("holds no password outside the connection, and refuses one that would need quoting", () => {
    expect(() => sessionScript([[session("a", { password: "x' sslmode=disable" })]])).toThrow(
      "the password of a must be letters and digits, as the platform generates them",
    );
  });

  it("uses the socket without TLS settings", () => {
    expect(sessionScript([[session("backup", { host: "/run/postgresql" })]])).toContain(
      '\\connect "host=/run/postgresql port=5432 dbname=odoo user=backup password=Abc123 connect_timeout=5"',
    );
  });
});

describe("the arrangement", () => {
  const names = (shares: Session[][][]) => shares.map((share) => share.map((row) => row.map(({ key }) => key)));

  it("puts logins that work into one process, and each that fails at the end of one", () => {
    const sessions = [session("a"), session("x", { allowed: false }), session("b"), session("y", { allowed: false })];
    expect(names(arrange(sessions))).toEqual([[["a", "b", "x"]], [["y"]]]);
  });

  it("makes nothing of nothing", () => {
    expect(arrange([])).toEqual([]);
    expect(names(arrange([session("x", { allowed: false })]))).toEqual([[["x"]]]);
  });
});

describe("outcomes", () => {
  it("are read in the order in which they were said", () => {
    const said = [
      "@outcome begin a",
      "@outcome is a 00000",
      "@outcome is a:read 00000",
      "ERROR:  42501",
      "@outcome is a:write 42501",
      "@outcome begin b",
      '\\connect: connection to server at "postgres" (172.23.0.2), port 5432 failed: FATAL:  pg_hba.conf rejects connection',
      "@outcome broke",
    ].join("\n");
    expect(Object.fromEntries(parseOutcomes(said))).toEqual({
      a: "ok",
      "a:read": "ok",
      "a:write": "42501",
      b: "refused: FATAL: pg_hba.conf rejects connection".replace("FATAL: ", "FATAL:  "),
    });
  });

  it("of a psql that breaks off after a login are not those of a refusal", () => {
    const outcomes = parseOutcomes(
      "@outcome begin a\n@outcome is a 00000\nserver closed the connection\n@outcome broke\n",
    );
    expect(Object.fromEntries(outcomes)).toEqual({ a: "ok" });
  });
});

describe("running sessions", () => {
  const reply = (...stderr: string[]) => {
    const scripts: string[] = [];
    const exec = (_service: string, _command: readonly string[], args?: { stdin?: string }) => {
      scripts.push(args?.stdin ?? "");
      return Promise.resolve(printed("", { stderr: stderr.shift() ?? "" }));
    };
    return { exec, scripts };
  };

  it("runs those again that had no turn behind a login that failed", async () => {
    const { exec, scripts } = reply(
      "@outcome begin a\nfailed: FATAL:  password authentication failed\n@outcome broke",
      "@outcome begin b\n@outcome is b 00000\n@outcome is b:read 00000\n",
    );
    const sessions = [
      session("a", { attempts: [{ key: "a:read", sql: "SELECT 1" }] }),
      session("b", { attempts: [{ key: "b:read", sql: "SELECT 1" }] }),
    ];
    expect(Object.fromEntries(await runSessions({ exec }, sessions))).toEqual({
      a: "refused: FATAL:  password authentication failed",
      "a:read": "not tried",
      b: "ok",
      "b:read": "ok",
    });
    expect(scripts).toHaveLength(2);
    expect(scripts[1]).not.toContain("user=a");
  });

  it("throws when psql says nothing, instead of running for ever", async () => {
    const { exec } = reply("sh: psql: not found");
    await expect(runSessions({ exec }, [session("a")])).rejects.toThrow(
      "psql can't be used in the database's container: sh: psql: not found",
    );
  });

  it("throws when a session breaks off half-way: what was not tried is no proof", async () => {
    const { exec } = reply("@outcome begin a\n@outcome is a 00000\n@outcome broke");
    await expect(
      runSessions({ exec }, [session("a", { attempts: [{ key: "a:read", sql: "SELECT 1" }] })]),
    ).rejects.toThrow("the session a broke off before a:read");
  });
});
