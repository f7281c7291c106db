import { describe, expect, it } from "vitest";

import { findToolFaults } from "../../probes/toolchain.ts";

describe("the tools", () => {
  it.each([
    ["are new enough", { node: "20.20.2", version: "20.10.24+dfsg1" }, []],
    ["have an old Node", { node: "18.20.0", version: "28.0.1" }, ["Node 18.20.0 runs; 20.19 or newer is needed"]],
    [
      "have an old Engine",
      { node: "24.1.0", version: "19.03.15" },
      ["Docker Engine 19.03.15 runs; 20.10 or newer is needed"],
    ],
    // That there is none is said by what asked for it.
    ["have no Engine", { node: "24.1.0", version: undefined }, []],
  ])("when they %s", (_what, found, faults) => {
    expect(findToolFaults({ ...found, leastNode: "20.19" })).toEqual(faults);
  });
});
