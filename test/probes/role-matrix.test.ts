import { describe, expect, it } from "vitest";

import { CONNECTION_LIMITS } from "../../components/connections.ts";
import { wantedRoles } from "../../probes/role-attributes.ts";
import { REFUSALS, roleMatrix } from "../../probes/role-matrix.ts";

const LIMITS = { odoo_app: 40, ...CONNECTION_LIMITS };

describe("what roles must be", () => {
  it("has the connection limits that the plan reckons with", () => {
    const wanted = wantedRoles({ createDatabases: false, connectionLimits: LIMITS });
    for (const [role, limit] of Object.entries(LIMITS))
      expect([role, wanted[role]?.connectionLimit]).toEqual([role, limit]);
  });

  it("gives nobody but postgres a power", () => {
    for (const [role, facts] of Object.entries(wantedRoles({ createDatabases: false, connectionLimits: LIMITS }))) {
      const powers = [
        facts.superuser,
        facts.createRole,
        facts.createDatabase,
        facts.replication,
        facts.bypassRowSecurity,
      ];
      expect([role, powers.includes(true)]).toEqual([role, role === "postgres"]);
    }
  });
});

describe("the matrix", () => {
  const matrix = roleMatrix({ database: "books", createDatabases: false });

  it("logs in over TLS with the server's name checked; backup, whose only way is the socket, through it", () => {
    for (const { key, role, host, sslmode } of matrix) {
      if (role === "backup" && key !== "backup@postgres-over-tcp")
        expect([key, host]).toEqual([key, "/run/postgresql"]);
      else expect([key, host, sslmode]).toEqual([key, "postgres", "verify-full"]);
    }
  });

  it("speaks of the stack's database, whatever its name", () => {
    expect(matrix.filter(({ database }) => database === "odoo")).toEqual([]);
    expect(matrix.filter(({ database, allowed }) => database === "books" && allowed).map(({ role }) => role)).toEqual([
      "odoo_app",
      "odoo_reporting",
      "odoo_mcp",
      "mcp_audit",
      "exporter",
      "backup",
      "shell",
    ]);
  });

  it("takes only refusals for refusals", () => {
    expect(REFUSALS).toEqual(["42501", "25006", "0A000"]);
  });
});
