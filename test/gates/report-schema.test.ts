import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";
import { z } from "zod";

import { gateReport } from "../../gates/report.ts";
import { gateJsonSchema, gateReportSchema } from "../../gates/report-schema.ts";
import { TASKS } from "../../gates/tasks.ts";
import { ROOT } from "../harness/plans.ts";
import { devSettings, evidenceOf, factsOf, NOW } from "./fixtures.ts";

const report = async (phase?: number) =>
  gateReport(TASKS, factsOf([evidenceOf("2.5", { holds: false })], { settings: await devSettings() }), NOW, phase);

describe("the published schema of gate reports", () => {
  const published = JSON.parse(
    readFileSync(join(ROOT, "docs/gate.schema.json"), "utf8"),
  ) as z.core.JSONSchema.JSONSchema;

  it("is the one that this version prints by", () => {
    expect(`${JSON.stringify(published, null, 2)}\n`).toBe(gateJsonSchema());
  });

  it.each([undefined, 0, 2])("describes what gate prints, up to phase %s", async (phase) => {
    const printed = JSON.parse(JSON.stringify(await report(phase))) as unknown;
    expect(z.fromJSONSchema(published).parse(printed)).toEqual(printed);
    expect(gateReportSchema.parse(printed)).toEqual(printed);
  });

  it.each<[string, (good: Record<string, unknown>) => object]>([
    ["a verdict that there isn't", (good) => ({ ...good, verdict: "OK" })],
    ["a field that nobody knows", (good) => ({ ...good, passed: true })],
    ["no phase", (good) => ({ ...good, phases: [] })],
    ["a phase past the last", (good) => ({ ...good, upTo: 8 })],
    ["no time", (good) => ({ ...good, at: "yesterday" })],
  ])("refuses a report with %s", async (_what, change) => {
    const broken = change(JSON.parse(JSON.stringify(await report())) as Record<string, unknown>);
    expect(z.fromJSONSchema(published).safeParse(broken).success).toBe(false);
  });
});
