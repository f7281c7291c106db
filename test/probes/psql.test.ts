import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { askPostgres, literal, literals } from "../../probes/psql.ts";
import { printed } from "./fixtures.ts";

describe("asking PostgreSQL", () => {
  it("sends SQL on standard input, as the superuser through the socket", async () => {
    const calls: unknown[] = [];
    const exec = (...args: unknown[]) => {
      calls.push(args);
      return Promise.resolve(printed('{"a": 1}\n'));
    };
    expect(await askPostgres({ exec }, "odoo", "SELECT 1")).toEqual({ a: 1 });
    expect(calls).toEqual([
      [
        "postgres",
        [
          "psql",
          "-X",
          "-A",
          "-t",
          "-q",
          "-v",
          "ON_ERROR_STOP=1",
          "-h",
          "/run/postgresql",
          "-U",
          "postgres",
          "-d",
          "odoo",
        ],
        { stdin: "SELECT 1" },
      ],
    ]);
  });

  it("passes the server's message on", async () => {
    const exec = () => Promise.resolve(printed("", { exitCode: 3, stderr: "ERROR:  no such table\nLINE 1" }));
    await expect(askPostgres({ exec }, "odoo", "")).rejects.toThrow("PostgreSQL (odoo): ERROR:  no such table");
  });

  it("takes nothing for an answer but JSON", async () => {
    await expect(askPostgres({ exec: () => Promise.resolve(printed("")) }, "odoo", "")).rejects.toThrow(
      "PostgreSQL (odoo) answered with something else than JSON",
    );
  });
});

describe("a text in SQL", () => {
  it("stays one text, whatever is in it", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const inner = literal(text).slice(1, -1);
        expect(inner.replaceAll("''", "")).not.toContain("'");
        expect(inner.replaceAll("''", "'")).toBe(text);
      }),
    );
  });

  it("can be one of several", () => {
    expect(literals(["a", "it's"])).toBe("ARRAY['a', 'it''s']::text[]");
    expect(literals([])).toBe("ARRAY[]::text[]");
  });
});
