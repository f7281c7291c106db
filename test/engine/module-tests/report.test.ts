import { describe, expect, test } from "vitest";

import { junitText } from "../../../engine/module-tests/junit.ts";
import { allGreen, parseResults } from "../../../engine/module-tests/report.ts";
import { resultOf, testOf } from "./results.ts";

const text = (...results: unknown[]) => `what Odoo printed\n${JSON.stringify({ format: 1, results })}\n`;

describe("results", () => {
  test("are what was printed last", () => {
    expect(parseResults(text(resultOf("shop")), ["shop"])).toEqual([resultOf("shop")]);
  });

  test("may be of more modules than were asked for: of those that depend on them", () => {
    expect(parseResults(text(resultOf("shop"), resultOf("shop_more")), ["shop"])).toHaveLength(2);
  });

  test.each([
    ["nothing", "", "without a report: nothing was printed"],
    ["no JSON", "Killed\n", "without a report: Killed"],
    ["another format", '{"format": 2, "results": []}', "not one of format 1"],
    ["an unknown verdict", text({ ...resultOf("shop"), status: "blue" }), "not one of format 1"],
    ["nothing of a module", text(resultOf("other")), "says nothing of shop"],
  ])("that are %s are no verdict", (_what, printed, fault) => {
    expect(() => parseResults(printed, ["shop"])).toThrow(fault);
  });

  test.each([
    [[], false],
    [["green"], true],
    [["green", "yellow"], false],
    [["green", "red"], false],
  ] as const)("of %j hold: %s", (statuses, holds) => {
    expect(allGreen(statuses.map((status) => resultOf("shop", { status })))).toBe(holds);
  });
});

describe("JUnit", () => {
  test("has a suite a module and a case a test, and what went wrong as text", () => {
    const xml = junitText([
      resultOf("shop", {
        status: "red",
        tests: [
          testOf("test_one"),
          testOf("test_two", "failed", "1 != 2 <b>"),
          testOf("test_three", "error", "no such field"),
          testOf("test_four", "skipped", "no browser"),
        ],
      }),
    ]);
    expect(xml).toContain('<testsuite name="shop" tests="5" failures="1" errors="1" skipped="1">');
    expect(xml).toContain('classname="odoo.addons.shop.tests.test_it.TestIt" name="test_two" time="0.5"');
    expect(xml).toContain("1 != 2 &lt;b>");
  });

  test.each([
    ["that warns", { status: "yellow", warnings: ["deprecated"] }, /failures="1"[\s\S]*deprecated/],
    [
      "that was not installed",
      { status: "red", tests: [], detail: "it was not installed", log: "no such model" },
      /errors="1"[\s\S]*it was not installed[\s\S]*no such model/,
    ],
  ] as const)("a module %s is a case that failed", (_what, changes, expected) => {
    expect(
      junitText([
        resultOf("shop", { ...changes, warnings: [...("warnings" in changes ? changes.warnings : [])], tests: [] }),
      ]),
    ).toMatch(expected);
  });
});
