import { expect, test } from "vitest";

import { judgeRecorded, monitoringSchema, type Recorded } from "../../probes/monitoring-schema.ts";
import { contextWith, printed } from "./fixtures.ts";

const GOOD: Recorded = { heartbeat: 4, backup: 3600, drill: 86_400, gates: 8 };

test("5.3 holds when what alerts read is there and of now", () => {
  expect(judgeRecorded(GOOD)).toMatchObject({ holds: true, detail: expect.stringContaining("in time") as string });
});

test.each<[string, Partial<Recorded>, string]>([
  ["there is no heartbeat", { heartbeat: null }, "no heartbeat is on record"],
  ["the heartbeat stopped", { heartbeat: 61 }, "the newest heartbeat is 61 s old"],
  ["the backup is late", { backup: 93_601 }, "the newest backup is 93601 s old"],
  ["nobody drilled", { drill: null }, "no drill is on record"],
  ["the last drill is of the last quarter", { drill: 7_776_001 }, "the newest drill is 7776001 s old"],
  ["a phase has no verdict", { gates: 7 }, "verdicts of 7 phases are on record, of 8"],
])("5.3 is NO-GO when %s", (_what, changes, detail) => {
  expect(judgeRecorded({ ...GOOD, ...changes })).toMatchObject({ holds: false, detail });
});

test("5.3 asks the database that Odoo serves", async () => {
  const asked: unknown[] = [];
  const context = await contextWith({
    exec: (service, command) => {
      asked.push(service, command.at(-1));
      return Promise.resolve(printed(JSON.stringify(GOOD)));
    },
  });
  expect((await monitoringSchema.measure(context)).holds).toBe(true);
  expect(asked).toEqual(["postgres", "odoo"]);
});
