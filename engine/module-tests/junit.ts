import { createRequire } from "node:module";

import type { Builder } from "junit-report-builder";

import type { ModuleResult } from "./report.ts";

// What it exports is the builder itself, where its types speak of a default export.
const junit = createRequire(import.meta.url)("junit-report-builder") as Builder;

/** Results as JUnit's XML, which every CI reads: a suite a module. A module that could not be tested is a failed case. */
export function junitText(results: readonly ModuleResult[]): string {
  const builder = junit.newBuilder();
  for (const { module, status, detail, tests, warnings, log } of results) {
    const suite = builder.testSuite().name(module);
    for (const { name, outcome, seconds, text } of tests) {
      const at = name.lastIndexOf(".");
      const test = suite
        .testCase()
        .className(name.slice(0, at))
        .name(name.slice(at + 1))
        .time(seconds);
      if (outcome === "skipped") test.skipped();
      else if (outcome === "failed") test.failure(text);
      else if (outcome === "error") test.error(text);
    }
    const install = suite.testCase().className(module).name("installs, and warns of nothing");
    const failed = tests.some(({ outcome }) => outcome === "failed" || outcome === "error");
    if (status === "yellow") install.failure(warnings.join("\n"));
    else if (status === "red" && !failed) install.error(`${detail}\n\n${log}`);
  }
  return builder.build();
}
