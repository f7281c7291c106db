import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { CONNECTION_LIMITS, fitsConnections, odooConnections, processCount } from "../../components/connections.ts";

describe("what Odoo can open", () => {
  test("web and cron workers, the websocket process and the parent are processes", () => {
    expect(processCount({ workers: 2, cronWorkers: 1 })).toBe(5);
  });

  test("the limit counts per process", () => {
    expect(odooConnections({ workers: 2, cronWorkers: 1, connectionsPerProcess: 8 })).toBe(40);
  });
});

describe("max_connections", () => {
  const odoo = { workers: 2, cronWorkers: 1, connectionsPerProcess: 8 };

  test("the other roles' limits are these", () => {
    expect(CONNECTION_LIMITS).toEqual({
      odoo_reporting: 8,
      odoo_mcp: 8,
      mcp_audit: 4,
      exporter: 6,
      backup: 4,
      superset: 20,
      keycloak: 8,
      shell: 4,
    });
  });

  // 40 of Odoo, 62 of the others, 3 for a superuser.
  test.each([
    [104, false],
    [105, true],
    [106, true],
  ])("%i connections hold everyone: %s", (maxConnections, fits) => {
    expect(fitsConnections(odoo, maxConnections)).toEqual({ needed: 105, fits });
  });

  test("more of anything never needs fewer connections", () => {
    const size = fc.record({
      workers: fc.integer({ min: 1, max: 256 }),
      cronWorkers: fc.integer({ min: 1, max: 16 }),
      connectionsPerProcess: fc.integer({ min: 2, max: 64 }),
    });
    const { counterexample } = fc.check(
      fc.property(size, fc.constantFrom("workers", "cronWorkers", "connectionsPerProcess"), (some, key) => {
        const more = { ...some, [key]: some[key] + 1 };
        return fitsConnections(more, 0).needed > fitsConnections(some, 0).needed;
      }),
    );
    expect(counterexample).toBeNull();
  });
});
