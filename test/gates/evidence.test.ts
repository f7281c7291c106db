import { describe, expect, it } from "vitest";

import { evidenceSchema, expiresAt, findStaleness } from "../../gates/evidence.ts";
import { evidenceOf, factsOf, NOW } from "./fixtures.ts";

describe("evidence", () => {
  it("is read as it is written", () => {
    const evidence = evidenceOf("2.5", { measured: { rules: 9, knocks: ["refused"] }, files: { "a/b": "1" } });
    expect(evidenceSchema.parse(JSON.parse(JSON.stringify(evidence)))).toEqual(evidence);
  });

  it.each([
    ["no task", { task: "2" }],
    ["a date without a zone", { at: "2026-03-01 10:00" }],
    ["no life", { ttlDays: 0 }],
    ["nothing to say", { detail: "" }],
    ["no stack", { stack: "" }],
    ["a verdict that is no boolean", { holds: "yes" }],
    ["a measurement that is no JSON", { measured: () => 1 }],
  ])("with %s is refused", (_what, changes) => {
    expect(evidenceSchema.safeParse({ ...evidenceOf("2.5"), ...changes }).success).toBe(false);
  });

  it("with a field that nobody knows is refused: it may be a misspelt one", () => {
    expect(evidenceSchema.safeParse({ ...evidenceOf("2.5"), hold: true }).success).toBe(false);
  });

  it("ends after its days", () => {
    expect(new Date(expiresAt({ at: "2026-03-01T10:00:00Z", ttlDays: 7 })).toISOString()).toBe(
      "2026-03-08T10:00:00.000Z",
    );
  });

  it("counts while its plan and its files are the same", () => {
    const current = factsOf([], { files: { "a/b": "1" } });
    const bounds = { plan: true, commit: false };
    expect(findStaleness(evidenceOf("2.5", { files: { "a/b": "1" } }), current, NOW, bounds)).toBeUndefined();
    expect(findStaleness(evidenceOf("2.5", { files: { "a/b": "2" } }), current, NOW, bounds)).toBe(
      "changed since the evidence of 2026-03-01T10:00:00.000Z: a/b",
    );
  });
});
