import { describe, expect, it } from "vitest";

import { type ComparedFinding, diffFindings } from "../../plan/diff-findings.ts";

const finding = (rule: string, changes: Partial<ComparedFinding> = {}): ComparedFinding => ({
  ...{ rule, level: "mandatory", status: "violation", urn: "1", resource: "odoo", message: "m", fix: "f" },
  ...changes,
});

describe("findings on two plans", () => {
  it("are new or mended; those of both are neither", () => {
    const [a, b, c] = [finding("a"), finding("b"), finding("c")];
    expect(diffFindings([a, b], [b, c])).toEqual({ found: [c], mended: [a] });
    expect(diffFindings([a], [a])).toEqual({ found: [], mended: [] });
  });

  it.each([{ urn: "2" }, { message: "worse" }, { level: "advisory" }, { status: "excepted" }])(
    "that differ by %j are two",
    (changes) => {
      const [old, now] = [finding("a"), finding("a", changes)];
      expect(diffFindings([old], [now])).toEqual({ found: [now], mended: [old] });
    },
  );
});
