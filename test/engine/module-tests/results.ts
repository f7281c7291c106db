import type { ModuleResult } from "../../../engine/module-tests/report.ts";

type TestResult = ModuleResult["tests"][number];

export function testOf(name: string, outcome: TestResult["outcome"] = "passed", text = ""): TestResult {
  return { name: `odoo.addons.shop.tests.test_it.TestIt.${name}`, outcome, seconds: 0.5, text };
}

/** A module that is green, but for what is changed. */
export function resultOf(module: string, changes: Partial<ModuleResult> = {}): ModuleResult {
  return {
    ...{ module, status: "green", detail: "1 passed, 0 skipped", seconds: 12, warnings: [], coverage: 90, log: "" },
    tests: [testOf("test_one")],
    ...changes,
  };
}
