import { describe, expect, it } from "vitest";

import { CONNECTION_LIMITS } from "../../components/connections.ts";
import { ROLE_SECRETS } from "../../components/postgres.ts";
import { type RoleFacts, wantedRoles } from "../../probes/role-attributes.ts";
import { roleMatrix } from "../../probes/role-matrix.ts";
import { findActionFaults, findRoleFaults, findViewFaults, roleRights } from "../../probes/role-rights.ts";
import { contextWith } from "./fixtures.ts";

const ARGS = { database: "odoo", createDatabases: false, connectionLimits: { odoo_app: 40, ...CONNECTION_LIMITS } };
const matrix = roleMatrix(ARGS);
const wanted = wantedRoles(ARGS);

/** What a server that is as it should be answers. */
function perfect(): Map<string, string> {
  return new Map(
    matrix.flatMap(({ key, allowed, actions }) => [
      [key, allowed ? "ok" : "refused: FATAL:  pg_hba.conf rejects connection"] as const,
      ...actions.map((action) => [action.key, !allowed ? "not tried" : action.allowed ? "ok" : "42501"] as const),
    ]),
  );
}

/** The faults after one outcome is another. */
function faultsWith(key: string, outcome: string): string[] {
  expect(perfect().has(key), `${key} is tried`).toBe(true);
  return findActionFaults(matrix, perfect().set(key, outcome));
}

describe("the matrix", () => {
  it("covers every role that logs in, with something that it may and something that it may not", () => {
    expect([...new Set(matrix.map(({ role }) => role))].sort()).toEqual(Object.keys(ROLE_SECRETS).sort());
    for (const role of Object.keys(ROLE_SECRETS)) {
      const entries = matrix.filter((entry) => entry.role === role);
      const actions = entries.flatMap((entry) => entry.actions);
      expect([role, actions.some(({ allowed }) => allowed), actions.some(({ allowed }) => !allowed)]).toEqual([
        role,
        true,
        true,
      ]);
      expect([role, entries.some(({ allowed }) => !allowed)]).toEqual([role, true]);
    }
  });

  it("has no key twice, and none with a space", () => {
    const keys = matrix.flatMap(({ key, actions }) => [key, ...actions.map((action) => action.key)]);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.filter((key) => key.includes(" "))).toEqual([]);
  });

  it("lets Odoo create databases only where the stack says so", () => {
    const allowed = (createDatabases: boolean) =>
      roleMatrix({ ...ARGS, createDatabases })[0]?.actions.find(({ key }) => key.endsWith(":create-database"))?.allowed;
    expect([allowed(false), allowed(true)]).toEqual([false, true]);
  });

  it("finds nothing where all is as it should be", () => {
    expect(findActionFaults(matrix, perfect())).toEqual([]);
  });

  it.each([
    [
      "odoo_reporting@odoo",
      "refused: FATAL:  password authentication failed",
      "odoo_reporting@odoo can't log in (refused: FATAL:  password authentication failed)",
    ],
    ["odoo_mcp@postgres", "ok", "odoo_mcp@postgres may log in"],
    // A server that is down, or a password that is wrong, refuses too, and proves nothing.
    ["odoo_mcp@postgres", "refused: could not connect", "odoo_mcp@postgres refused: could not connect"],
    ["odoo_reporting@odoo:read-users", "ok", "odoo_reporting@odoo:read-users is allowed"],
    ["odoo_reporting@odoo:read-users", "42P01", "odoo_reporting@odoo:read-users ended with 42P01, which is no refusal"],
    ["odoo_app@odoo:write-rows", "42501", "odoo_app@odoo:write-rows is refused (42501)"],
    ["odoo_app@odoo:create-database", "42P04", "odoo_app@odoo:create-database is allowed"],
    ["backup@postgres-over-tcp", "ok", "backup@postgres-over-tcp may log in"],
  ])("finds %s being %s", (key, outcome, fault) => {
    expect(faultsWith(key, outcome)).toEqual([fault]);
  });

  it("finds every single forbidden action that is allowed, and every needed one that is refused", () => {
    for (const { allowed, actions } of matrix) {
      if (!allowed) continue;
      for (const action of actions) expect(faultsWith(action.key, action.allowed ? "42501" : "ok")).toHaveLength(1);
    }
  });

  it("says what wasn't tried", () => {
    const outcomes = perfect();
    outcomes.delete("superset@superset");
    expect(findActionFaults(matrix, outcomes)).toEqual(["superset@superset can't log in (not tried)"]);
  });
});

describe("the roles", () => {
  const found = (changes: Record<string, Partial<RoleFacts> | undefined> = {}): Record<string, RoleFacts> =>
    Object.fromEntries(
      Object.entries({ ...wanted, ...changes }).flatMap(([role, facts]) =>
        facts === undefined ? [] : [[role, { ...(wanted[role] ?? wanted["superset"]), ...facts } as RoleFacts]],
      ),
    );

  it.each<[string, Record<string, RoleFacts>, string[]]>([
    ["are as wanted", found(), []],
    ["miss one", found({ exporter: undefined }), ["role exporter is missing"]],
    ["have a stranger", found({ mallory: {} }), ["role mallory is in no plan"]],
    ["have one with a power", found({ odoo_app: { superuser: true } }), ["odoo_app: superuser is true, not false"]],
    [
      "have one in another's place",
      found({ exporter: { memberOf: ["pg_monitor", "pg_read_server_files"] } }),
      ['exporter: memberOf is ["pg_monitor","pg_read_server_files"], not ["pg_monitor"]'],
    ],
    [
      "have one with another limit",
      found({ odoo_app: { connectionLimit: -1 } }),
      ["odoo_app: connectionLimit is -1, not 40"],
    ],
    ["have a superuser with a password", found({ postgres: { scram: true } }), ["postgres: scram is true, not false"]],
    [
      "have an owner of views that logs in",
      found({ bi_owner: { login: true } }),
      ["bi_owner: login is true, not false"],
    ],
  ])("when they %s", (_what, roles, faults) => {
    expect(findRoleFaults(roles, wanted)).toEqual(faults);
  });
});

describe("a view of bi", () => {
  const rights = { odoo_reporting: true, "odoo_reporting writes": false, odoo_mcp: false, rows: 3 };

  it.each([
    [{}, []],
    [{ odoo_reporting: false }, ["odoo_reporting can't read a new view of bi"]],
    [{ rows: 0 }, ["odoo_reporting can't read a new view of bi"]],
    [{ "odoo_reporting writes": true }, ["odoo_reporting may write through a view of bi"]],
    [{ odoo_mcp: true }, ["odoo_mcp reads a view of bi that was not granted to it by name"]],
  ])("with %j", (changes, faults) => {
    expect(findViewFaults({ ...rights, ...changes }, wanted)).toEqual(faults);
  });

  it("that can't be made or read is a fault, but not a second one where a role is missing", () => {
    const without = Object.fromEntries(Object.entries(wanted).filter(([role]) => role !== "odoo_mcp"));
    expect(findViewFaults("permission denied for view platform_probe", wanted)).toEqual([
      "a view of bi can't be made and read: permission denied for view platform_probe",
    ]);
    expect(findViewFaults('role "odoo_mcp" does not exist', without)).toEqual([]);
  });
});

describe("the probe", () => {
  it("never passes a secret in a command or an environment", async () => {
    const seen: string[] = [];
    const secret = "S3cretS3cret";
    const context = await contextWith({
      secret: () => Promise.resolve(secret),
      exec: (_service, command, args) => {
        seen.push(JSON.stringify([command, args?.env ?? []]));
        return Promise.reject(new Error("stop here"));
      },
    });
    await expect(roleRights.measure(context)).rejects.toThrow("stop here");
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.join("\n")).not.toContain(secret);
  });
});
