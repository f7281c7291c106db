import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { judgeModules } from "../../probes/module-tests.ts";
import { findVerbFaults } from "../../probes/workflows.ts";
import { resultOf, testOf } from "../engine/module-tests/results.ts";

const EXPECTED = { wanted: ["ipai_shop", "queue_job"], tested: ["ipai_shop"] };
const good = [resultOf("ipai_shop"), resultOf("queue_job", { tests: [], coverage: null, detail: "no tests" })];

describe("modules", () => {
  it("hold when each was tried and is green; of others' it says which have no tests", () => {
    expect(judgeModules(good, EXPECTED)).toMatchObject({
      holds: true,
      detail:
        "2 modules install on a clean database; 1 tests passed, 0 were skipped, nothing warned; without tests: queue_job",
      measured: { tested: ["ipai_shop"], skipped: 0, untested: ["queue_job"] },
    });
  });

  it.each([
    ["one was left out", good.slice(0, 1), "queue_job was not tested"],
    [
      "one is red",
      [good[0], resultOf("queue_job", { status: "red", detail: "it hangs" })],
      "queue_job is red: it hangs",
    ],
    ["one warns", [good[0], resultOf("queue_job", { status: "yellow", detail: "old" })], "queue_job is yellow: old"],
    ["ours has no test", [resultOf("ipai_shop", { tests: [] }), good[1]], "ipai_shop has no test that ran"],
    [
      "ours was skipped",
      [resultOf("ipai_shop", { tests: [testOf("test_one", "skipped")] }), good[1]],
      "ipai_shop has no test that ran",
    ],
  ])("don't where %s", (_what, results, detail) => {
    const present = results.filter((result) => result !== undefined);
    expect(judgeModules(present, EXPECTED)).toMatchObject({ holds: false, detail });
  });
});

describe("the workflow", () => {
  const text = readFileSync(".github/workflows/ci-odoo-ce.yml", "utf8");

  it("runs the verb that developers run, for what is touched and for all", () => {
    expect(findVerbFaults(text)).toEqual([]);
  });

  it.each(["ci --changed", "ci --all"])("that doesn't run `%s` is NO-GO", (verb) => {
    expect(findVerbFaults(text.replaceAll(verb, "plan"))).toEqual([
      `.github/workflows/ci-odoo-ce.yml does not run npm run platform -- ${verb}`,
    ]);
  });
});
