import { describe, expect, it } from "vitest";

import { needOf } from "../../../engine/update/need.ts";

const contents = { base: "1", web: "2", shop: "3", crm: "4" };

describe("what a database needs", () => {
  it.each([
    ["nothing where all is remembered", ["base", "web"], { base: "1", web: "2" }, ["base"], [], []],
    ["an update of what differs", ["base", "shop"], { base: "1", shop: "old" }, ["base"], ["shop"], []],
    ["an update of what nobody remembers", ["base", "web"], { base: "1" }, ["base"], ["web"], []],
    ["an update of everything, remembering nothing", ["web", "base"], {}, ["base"], ["base", "web"], []],
    ["an installation of what is missing", ["base"], { base: "1" }, ["base", "shop"], [], ["shop"]],
    ["no update of what the image lacks", ["base", "gone"], { base: "1", gone: "9" }, ["base"], [], []],
  ])("%s", (_what, installed, remembered, modules, changed, added) => {
    expect(needOf({ installed, remembered }, { contents, modules })).toEqual({ changed, added });
  });
});
