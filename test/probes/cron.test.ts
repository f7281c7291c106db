import { describe, expect, it } from "vitest";

import { longestGapDays } from "../../probes/cron.ts";

describe("the longest gap of a schedule", () => {
  it.each([
    ["17 3 * * *", 1],
    ["17 3 * * 0", 7],
    ["17 3 * * 7", 7],
    ["17 3 1,15 * *", 17],
    ["17 3 1 * *", 31],
    ["0 0 1 */3 *", 92],
    ["0 0 1 1,3,5,7,9,11 *", 62],
    ["0 0 1-7 * 1", 7],
  ])("%s is %i days", (cron, days) => {
    expect(longestGapDays(cron)).toBe(days);
  });

  it.each(["", "* * * *", "60 * * * *", "0 0 0 * *", "0 0 5-1 * *", "0 0 * * sunday", "0 0 */0 * *"])(
    "refuses %j",
    (cron) => {
      expect(() => longestGapDays(cron)).toThrow(/is no/);
    },
  );

  it("refuses a day that never comes", () => {
    expect(() => longestGapDays("0 0 31 2 *")).toThrow("hardly ever runs");
  });
});
