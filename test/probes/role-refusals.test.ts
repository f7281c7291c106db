import { describe, expect, it } from "vitest";

import { FALSE_RECORDS, POWERS, READER_REFUSED } from "../../probes/role-refusals.ts";

describe("what roles are refused", () => {
  it("has a name for each attempt, and none twice", () => {
    const names = [...POWERS, ...READER_REFUSED].map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z-]+$/.test(name))).toEqual([]);
  });

  it("is tried by readers for every false record too", () => {
    for (const attempt of FALSE_RECORDS) expect(READER_REFUSED).toContain(attempt);
  });

  // Each was found to work for any role of a fresh PostgreSQL 17, in a read-only transaction too.
  it.each([
    "set_config",
    "pg_sleep",
    "pg_advisory_lock",
    "pg_try_advisory_lock",
    "pg_notify",
    "query_to_xml",
    "repeat",
  ])("has an attempt to call %s", (name) => {
    expect(READER_REFUSED.filter(([, sql]) => sql.includes(`${name}(`))).toHaveLength(1);
  });
});
