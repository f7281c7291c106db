import { describe, expect, it } from "vitest";

import { findListFaults, findManagerFaults } from "../../probes/database-manager.ts";

const OFF =
  '<div class="alert alert-danger">The database manager has been disabled by the administrator</div><h4>Create Database</h4>';

describe("a call for the list of databases", () => {
  it.each([
    ["is denied", '{"error": {"data": {"name": "odoo.exceptions.AccessDenied"}}}', []],
    ["is denied over XML-RPC", "<fault><string>Access Denied</string></fault>", []],
    ["finds no such path", "<title>404 Not Found</title>", []],
    ["is answered", '{"result": ["odoo"]}', ["/jsonrpc lists databases inside (200)"]],
    ["is answered with none", '{"result": []}', ["/jsonrpc lists databases inside (200)"]],
    [
      "fails otherwise",
      '{"error": {"message": "psycopg2.OperationalError"}}',
      ["/jsonrpc lists databases inside (200)"],
    ],
  ])("that %s", (_what, body, faults) => {
    expect(findListFaults([{ where: "/jsonrpc", status: 200, body }])).toEqual(faults);
  });
});

describe("the manager's page", () => {
  it.each([
    ["says that it is off", 200, OFF, []],
    ["is refused", 404, "", []],
    ["lists databases", 200, '<div class="list-group-item">odoo</div>', ["/web/database/manager is open inside (200)"]],
    [
      "says that it is off, and lists",
      200,
      `${OFF}<div class="list-group-item">odoo</div>`,
      ["/web/database/manager is open inside (200)"],
    ],
    ["says nothing known", 200, "<form>", ["/web/database/manager is open inside (200)"]],
  ])("that %s", (_what, status, body, faults) => {
    expect(findManagerFaults({ where: "/web/database/manager", status, body })).toEqual(faults);
  });
});
