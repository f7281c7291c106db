import { describe, expect, it } from "vitest";

import { findBaselineFaults, isSameSetting } from "../../probes/baseline.ts";

const catalog = {
  version: "17.12",
  settings: { shared_buffers: "192MB", max_wal_size: "1GB" },
  extensions: { amcheck: "1.4", pg_trgm: "1.6", unaccent: "1.1" },
  schema: ["column public.res_users id"],
  rows: { res_users: 5 },
  estimated: [],
  wanted: { shared_buffers: "192MB", max_wal_size: "1024MB" },
};

describe("a baseline", () => {
  it.each([
    [{}, []],
    [{ wanted: { shared_buffers: "256MB" } }, ["shared_buffers is 192MB, planned 256MB"]],
    [{ wanted: { work_mem: "4MB" } }, ["work_mem is at its default, planned 4MB"]],
    [{ extensions: { amcheck: "1.4", pg_trgm: "1.6" } }, ["extension unaccent is missing"]],
    [{ schema: [] }, ["the schema is empty"]],
    [{ rows: {} }, ["there is no user in the database"]],
  ])("with %j", (changes, faults) => {
    expect(findBaselineFaults({ ...catalog, ...changes })).toEqual(faults);
  });
});

describe("two settings", () => {
  it.each([
    ["1GB", "1024MB", true],
    ["1s", "1000ms", true],
    ["1min", "60s", true],
    ["8", "8", true],
    ["1.1", "1.10", true],
    ["on", "on", true],
    ["192MB", "193MB", false],
    ["1GB", "1s", false],
    ["on", "off", false],
    ["1GB", "1 parsec", false],
    [undefined, "1GB", false],
  ])("%s and %s: same is %s", (found, planned, same) => {
    expect(isSameSetting(found, planned)).toBe(same);
  });
});
