import { describe, expect, it } from "vitest";

import { findDatabaseFaults, type FoundDatabase, wantedDatabases } from "../../probes/databases.ts";

const wanted = wantedDatabases({ database: "odoo" });
const good: FoundDatabase[] = Object.entries(wanted).map(([name, { owner, entered }]) => ({
  name,
  owner,
  encoding: "UTF8",
  provider: "builtin",
  entered,
  barred: ["somebody-else"],
  temporary: owner === "postgres" ? [] : [owner],
  closed: false,
}));
const withOdoo = (changes: Partial<FoundDatabase>) =>
  good.map((database) => (database.name === "odoo" ? { ...database, ...changes } : database));
const stranger: FoundDatabase = { ...(good[0] as FoundDatabase), name: "copy" };

describe("the databases", () => {
  it.each<[string, FoundDatabase[], boolean, string[]]>([
    ["are as wanted", good, false, []],
    ["lack one", good.filter(({ name }) => name !== "superset"), false, ["database superset is missing"]],
    [
      "have one of another owner",
      withOdoo({ owner: "postgres", temporary: [] }),
      false,
      ["database odoo belongs to postgres, not odoo_app"],
    ],
    [
      "have one in another encoding",
      withOdoo({ encoding: "SQL_ASCII" }),
      false,
      ["database odoo is in SQL_ASCII, not UTF8"],
    ],
    [
      "let a role in that has no business there",
      withOdoo({ entered: [...(wanted["odoo"]?.entered ?? []), "superset"] }),
      false,
      ["superset may enter odoo"],
    ],
    [
      "keep a role out",
      withOdoo({ entered: ["odoo_app"], barred: ["exporter"] }),
      false,
      ["exporter may not enter odoo"],
    ],
    // That it is missing is for the task about roles.
    [
      "know nothing of a role that is missing",
      withOdoo({ entered: ["odoo_app", "odoo_mcp", "odoo_reporting"], barred: [] }),
      false,
      [],
    ],
    [
      "let a reader write temporary tables",
      withOdoo({ temporary: ["odoo_app", "odoo_reporting"] }),
      false,
      ["odoo_reporting may write temporary tables in odoo"],
    ],
    ["have a stranger", [...good, stranger], false, ["database copy of odoo_app is in no plan"]],
    ["have one that Odoo may have made", [...good, stranger], true, []],
    ["have a copy from before an update", [...good, { ...stranger, name: "odoo.previous", closed: true }], false, []],
    [
      "have such a copy open to those who may enter it",
      [...good, { ...stranger, name: "odoo.previous" }],
      false,
      ["database odoo.previous of odoo_app is in no plan"],
    ],
    [
      "have such a copy of another owner",
      [...good, { ...stranger, name: "odoo.previous", owner: "shell", closed: true }],
      false,
      ["database odoo.previous of shell is in no plan"],
    ],
    [
      "have a stranger that Odoo can't have made",
      [...good, { ...stranger, owner: "mallory" }],
      true,
      ["database copy of mallory is in no plan"],
    ],
  ])("when they %s", (_what, found, mayCreate, faults) => {
    expect(findDatabaseFaults(found, wanted, mayCreate)).toEqual(faults);
  });
});
