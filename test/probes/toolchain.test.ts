import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { findToolFaults, isAtLeast } from "../../probes/toolchain.ts";

describe("a version", () => {
  it.each([
    ["20.19.0", "20.19", true],
    ["20.18.9", "20.19", false],
    ["24.0.0", "20.19", true],
    ["20.10.24+dfsg1", "20.10", true],
    ["19.03.15", "20.10", false],
    ["20.10", "20.10.0", true],
    ["", "1", false],
  ])("%s is as new as %s: %s", (version, least, is) => {
    expect(isAtLeast(version, least)).toBe(is);
  });

  it("is as new as itself, and of two one is as new as the other", () => {
    const version = fc.array(fc.nat(99), { minLength: 1, maxLength: 4 }).map((parts) => parts.join("."));
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(isAtLeast(a, a)).toBe(true);
        expect(isAtLeast(a, b) || isAtLeast(b, a)).toBe(true);
      }),
    );
  });
});

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
