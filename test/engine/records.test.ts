import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { recordGates } from "../../engine/records.ts";
import { planStack } from "../../engine/stack-plan.ts";
import { type EngineApi, engineApi } from "../harness/engine-api.ts";
import { ROOT } from "../harness/plans.ts";

let api: EngineApi;

afterEach(async () => {
  await api.close();
});

// What the server makes of the statement is for the end-to-end tests.
describe("the verdicts of a database that isn't there", () => {
  beforeEach(async () => {
    api = await engineApi(() => undefined);
  });

  it("are refused with what the Engine says, after they were sent to the stack's PostgreSQL", async () => {
    const plan = await planStack("dev", { root: ROOT });
    const phases = [{ phase: 2, verdict: "NO-GO", passed: 9, total: 11 }] as const;
    await expect(recordGates({ docker: api.docker, plan, phases, now: new Date(0) })).rejects.toThrow("No such thing");
    const [asked] = api.asked;
    expect(asked?.path).toBe("/containers/odoo-platform-dev-postgres/exec");
    const { Cmd } = JSON.parse(asked?.body.toString() ?? "{}") as { Cmd: string[] };
    expect(Cmd).toContain('rows=[{"phase":2,"status":"NO-GO","passed":9,"total":11,"at":"1970-01-01T00:00:00.000Z"}]');
    expect(Cmd.at(-1)).toBe("odoo");
  });
});
