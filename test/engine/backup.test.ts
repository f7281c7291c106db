import { describe, expect, test } from "vitest";

import { backupSchema, faultsOf, takesBackups } from "../../engine/backup.ts";
import { coreOf } from "../harness/plans.ts";

describe("a backup's result", () => {
  test("is what the service prints", () => {
    const text = `{"id": "20261125T033845Z-full", "kind": "full", "status": "degraded", "regions": ["a"], "faults": {"b": "does not answer"}, "seconds": 32.8}`;
    const result = backupSchema.parse(JSON.parse(text));
    expect(faultsOf(result)).toBe("b: does not answer");
    expect(backupSchema.safeParse({ ...result, status: "fine" }).success).toBe(false);
  });
});

test("only a stack with a service for it takes backups", async () => {
  expect(takesBackups(await coreOf("dev", ["backup"]))).toBe(true);
  expect(takesBackups(await coreOf("dev"))).toBe(false);
  expect(takesBackups(await coreOf("prod", ["backup"]))).toBe(false);
});
