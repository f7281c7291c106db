import { describe, expect, it } from "vitest";

import { imageVariables, keptVolumes, restoreTest, scriptArguments } from "../../../engine/restore/restore-test.ts";
import { planOf } from "../../harness/plans.ts";

describe("the restore script", () => {
  it("is told whose backup, from where, and which moment", () => {
    const given = { plan: { stack: "dev" }, kind: "drill", keep: true, region: "one", escrow: "/safe/escrow.json" };
    expect(scriptArguments({ ...given, at: "2026-01-31T13:00:00Z", rpoSeconds: 60 })).toEqual([
      ...["--stack", "dev", "--region", "one", "--escrow", "/safe/escrow.json", "--kind", "drill"],
      ...["--at", "2026-01-31T13:00:00Z", "--rpo", "60", "--keep"],
    ]);
  });

  it("is given the plan's own images, since a new host has no container that tells them", async () => {
    const variables = imageVariables(await planOf("dev"));
    for (const name of ["POSTGRES_IMAGE", "ODOO_IMAGE", "EDGE_IMAGE"])
      expect(variables[name]).toMatch(/^odoo-platform\/\w+:[0-9a-f]{12}$/);
  });

  it("is not started without the escrow file", async () => {
    const args = { root: process.cwd(), plan: await planOf("dev"), kind: "drill" as const, region: "one" };
    await expect(restoreTest({ ...args, escrow: "/nowhere/escrow.json", say: () => undefined })).rejects.toThrow(
      "There is no escrow file /nowhere/escrow.json",
    );
  });

  it("leaves volumes of these names when it is told to keep them", async () => {
    expect(keptVolumes(await planOf("dev"))).toMatchObject({
      postgres: "odoo-platform-dev-restore-postgres",
      odoo: "odoo-platform-dev-restore-odoo",
    });
  });
});
