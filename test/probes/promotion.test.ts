import { describe, expect, it } from "vitest";

import { judgePromotions, type Seen } from "../../probes/promotion.ts";

const done = { exitCode: 0, said: "promoted", seconds: 60 };
const good: Seen = {
  promoted: [done, done],
  skipped: { exitCode: 1, said: "Service odoo of stack rehearsal-staging runs a, and commit b has c.", seconds: 1 },
  bad: {
    staging: done,
    production: { exitCode: 1, said: "failed, and what was served before is served again", seconds: 42 },
  },
  after: { image: "odoo:1", statuses: ["ok", "rolled back"], serves: true },
  image: "odoo:1",
};

describe("the rehearsal of promotions", () => {
  it("holds when good code arrives, nothing skips a stage, and bad code leaves production as it was", () => {
    expect(judgePromotions(good)).toMatchObject({ holds: true, measured: { promoted: [60, 60], rolledBack: 42 } });
  });

  it.each<[string, Partial<Seen>, string]>([
    [
      "a stage can be skipped",
      { skipped: done },
      "a commit that staging does not serve was not refused for that: promoted",
    ],
    [
      "a stage is refused for another reason",
      { skipped: { ...done, exitCode: 1, said: "no build" } },
      "a commit that staging does not serve was not refused for that: no build",
    ],
    [
      "the bad commit is not even tried",
      { bad: { ...good.bad, staging: { ...done, exitCode: 1, said: "red" } } },
      "the bad commit did not get through staging: red",
    ],
    [
      "the bad commit is served",
      { bad: { ...good.bad, production: done } },
      "the bad commit was not rolled back in production: promoted",
    ],
    [
      "other code is left",
      { after: { ...good.after, image: "odoo:2" } },
      "production runs odoo:2 afterwards, not odoo:1",
    ],
    ["nothing serves", { after: { ...good.after, serves: false } }, "production shows no login form afterwards"],
    ["nothing is on record", { after: { ...good.after, statuses: ["ok"] } }, "on record is ok"],
  ])("does not where %s", (_what, changes, detail) => {
    expect(judgePromotions({ ...good, ...changes })).toMatchObject({ holds: false, detail });
  });

  it("does not where the workflow is broken, whatever the rehearsal says", () => {
    expect(judgePromotions(good, ["it calls what is not there"])).toMatchObject({ holds: false });
  });
});
