import { describe, expect, it } from "vitest";

import { type Cutover, judgeCutover } from "../../probes/cutover.ts";

const good: Cutover = {
  ...{ format: "zip", version: "19.0.1.3", tables: 200, rows: 9000, attachments: 40, missing: 0 },
  ...{ rehearsal: 50, back: 20.4, closed: 45.5, at: "2026-03-01T00:00:00Z" },
};

describe("a cutover", () => {
  it("holds when everything came", () => {
    expect(judgeCutover(good)).toMatchObject({
      holds: true,
      measured: { rows: 9000, missing: 0 },
      detail:
        "9000 rows of 200 tables and 40 files came as they were given; the way back was rehearsed in 20 s, and nobody was let in for 46 s",
    });
  });

  it.each<[string, Cutover | undefined, string]>([
    ["none is on record", undefined, "no cutover is on record; `npm run platform -- cutover --dump FILE` does it"],
    ["nothing came", { ...good, rows: 0 }, "nothing was imported"],
    ["files are missing", { ...good, missing: 2 }, "2 of 40 files of attachments did not come, which was accepted"],
  ])("does not when %s", (_what, found, detail) => {
    expect(judgeCutover(found)).toMatchObject({ holds: false, detail });
  });
});
