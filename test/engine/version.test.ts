import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { isAtLeast } from "../../engine/version.ts";

describe("a version", () => {
  it.each([
    ["20.19.0", "20.19", true],
    ["20.19", "20.19.0", true],
    ["v22.0.1", "20.19", true],
    ["20.9.9", "20.10", false],
    ["20.10.24+dfsg1", "20.10", true],
    ["19.03.15", "20.10", false],
    ["2", "2.20", false],
    ["unknown", "20.10", false],
    ["", "1", false],
  ])("%s is as new as %s: %s", (version, least, expected) => {
    expect(isAtLeast(version, least)).toBe(expected);
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
