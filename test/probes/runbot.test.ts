import { describe, expect, it } from "vitest";

import { judgeBuilds } from "../../probes/runbot.ts";
import { buildOf } from "../engine/runbot/builds.ts";

const red = buildOf({ id: "20260301T120000-00000000", status: "red", detail: "ipai_shop is red: test_that_is_broken" });
const green = buildOf();
const good = { red, green, listed: [green, red] };

describe("the builds", () => {
  it("hold when the broken test is red by name, its repair is green, and both are on the page", () => {
    expect(judgeBuilds(good)).toMatchObject({
      holds: true,
      measured: { broken: "red", mended: "green", seconds: [90, 90] },
    });
  });

  it.each([
    [
      "the broken test is not seen",
      { red: { ...red, status: "green" as const, detail: "all well" } },
      "a commit with a broken test is green: all well",
    ],
    [
      "it is red for another reason",
      { red: { ...red, detail: "no image" } },
      "a commit with a broken test is red: no image",
    ],
    [
      "the repair is red",
      { green: { ...green, status: "red" as const, detail: "no image" } },
      "the commit that mends it is red: no image",
    ],
    [
      "the repair tested nothing",
      { green: { ...green, modules: [], detail: "no module is touched" } },
      "the commit that mends it is green: no module is touched",
    ],
    ["one is not on the page", { listed: [green] }, "build 1f2e3d4c is not on the page"],
  ])("don't where %s", (_what, changes, detail) => {
    expect(judgeBuilds({ ...good, ...changes })).toMatchObject({ holds: false, detail });
  });

  it("don't where the workflow is at fault", () => {
    expect(judgeBuilds(good, ["ci-runbot.yml is missing"])).toMatchObject({
      holds: false,
      detail: "ci-runbot.yml is missing",
    });
  });
});
