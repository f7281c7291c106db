import { describe, expect, test } from "vitest";

import { readConfig } from "../../stacks/config.ts";
import { inputsOf } from "../harness/plans.ts";

type Settings = { readonly [key: string]: unknown };

/** The configuration of dev, with some settings on top. */
function read(settings: Settings) {
  const own = Object.entries(settings).map(([key, value]) => [`odoo-platform:${key}`, JSON.stringify(value)] as const);
  const config: Record<string, string> = { ...inputsOf("dev").config, ...Object.fromEntries(own) };
  return readConfig("odoo-platform", "dev", config);
}

/** Every fault, without the lines around them. */
function faults(settings: Settings): string[] {
  try {
    read(settings);
  } catch (error) {
    const lines = (error as Error).message.split("\n").slice(1, -1);
    return lines.map((line) => line.replace("  - ", ""));
  }
  return [];
}

describe("what a stack asks of its policies", () => {
  const exception = { rule: "logs-are-rotated", resource: "edge", reason: "the host does it", until: "2026-12-31" };

  test("is read as it stands", () => {
    const asked = { requirePhase: 5, policyExceptions: [exception] };
    expect(read(asked)).toMatchObject(asked);
  });

  test.each<[Settings, string]>([
    [{ requirePhase: 8 }, "requirePhase: must be 7 or less; got 8"],
    [{ requirePhase: 1.5 }, "requirePhase: must be a whole number; got 1.5"],
    [{ policyExceptions: exception }, `policyExceptions: must be a list; got ${JSON.stringify(exception)}`],
    [{ policyExceptions: [{ ...exception, reason: undefined }] }, "policyExceptions.0.reason: is missing (text)"],
    [
      { policyExceptions: [{ ...exception, reason: "  why   not " }] },
      'policyExceptions.0.reason: must be a sentence that says why; got "  why   not "',
    ],
    [
      { policyExceptions: [{ ...exception, until: "soon" }] },
      'policyExceptions.0.until: must be a day, YYYY-MM-DD; got "soon"',
    ],
    [
      { policyExceptions: [{ ...exception, rule: "Logs" }] },
      'policyExceptions.0.rule: must be the id of a rule, as in docs/POLICIES.md; got "Logs"',
    ],
    [{ policyExceptions: [{ ...exception, resource: undefined }] }, "policyExceptions.0.resource: is missing (text)"],
    [
      { policyExceptions: [{ ...exception, untill: "2026-01-01" }] },
      "policyExceptions.0.untill: is not a setting; look for a typing error",
    ],
  ])("%j", (settings, sentence) => {
    expect(faults(settings)).toEqual([sentence]);
  });
});
