import { z } from "zod";

import { Fault } from "../fault.ts";

/** How one test ended. */
const testSchema = z.object({
  /** Dotted path of module, class and method. */
  name: z.string(),
  outcome: z.enum(["passed", "failed", "error", "skipped"]),
  seconds: z.number(),
  /** What went wrong, or why it was skipped. */
  text: z.string(),
});

/** A module on a clean database, as docker/ci/platform_ci/run.py tells it. */
const resultSchema = z.object({
  module: z.string(),
  /** `green`; `yellow`: something warned; `red`: not installed, a test failed, or it took too long. */
  status: z.enum(["green", "yellow", "red"]),
  /** One sentence. */
  detail: z.string(),
  seconds: z.number(),
  tests: z.array(testSchema),
  warnings: z.array(z.string()),
  /** Share of its lines and branches that ran, in percent; null where it has no test. */
  coverage: z.number().nullable(),
  /** End of Odoo's log, where it isn't green. */
  log: z.string(),
});

export type ModuleResult = z.output<typeof resultSchema>;

const reportSchema = z.object({ format: z.literal(1), results: z.array(resultSchema) });

/**
 * Results in the text that the tests' container printed last.
 *
 * @throws Fault when there are none: without a verdict on every module there is no verdict.
 */
export function parseResults(text: string, wanted: readonly string[]): ModuleResult[] {
  const last = text.trim().split("\n").at(-1) ?? "";
  let value: unknown;
  try {
    value = JSON.parse(last);
  } catch {
    throw new Fault(`The tests ended without a report: ${last.slice(0, 300) || "nothing was printed"}`);
  }
  const { data } = reportSchema.safeParse(value);
  if (data === undefined) throw new Fault("The tests' report is not one of format 1.");
  const left = wanted.filter((name) => !data.results.some(({ module }) => module === name));
  if (left.length > 0) throw new Fault(`The tests' report says nothing of ${left.join(", ")}.`);
  return data.results;
}

/** Do all hold? A warning is where the next failure comes from, so yellow doesn't. */
export function allGreen(results: readonly ModuleResult[]): boolean {
  return results.length > 0 && results.every(({ status }) => status === "green");
}
