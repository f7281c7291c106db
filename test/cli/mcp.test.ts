import { describe, expect, it } from "vitest";

import { switchSql } from "../../cli/mcp.ts";

describe("the switch", () => {
  it("when turned off ends what is under way, too", () => {
    expect(switchSql("off", "ann")).toMatch(/VALUES \(false, 'ann'\)[\s\S]*pg_terminate_backend/);
  });

  it("when turned on ends nothing", () => {
    expect(switchSql("on", "ann")).toContain("VALUES (true, 'ann')");
    expect(switchSql("on", "ann")).not.toContain("pg_terminate_backend");
  });

  it("when looked at is left as it is", () => {
    expect(switchSql("status", "ann")).not.toMatch(/INSERT|UPDATE|terminate/);
  });

  it("takes a name as a name", () => {
    expect(switchSql("on", "o'brien'); DROP TABLE x --")).toContain("'o_brien____DROP_TABLE_x_--'");
  });
});
