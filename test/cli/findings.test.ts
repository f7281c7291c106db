import { describe, expect, test } from "vitest";

import { findingsTable, refuseViolations } from "../../cli/findings.ts";
import { Fault } from "../../engine/fault.ts";
import { TYPES } from "../../plan/plan.ts";
import { evaluatePlan } from "../../policies/evaluate.ts";
import { prod } from "../policies/prod.ts";
import { NOW } from "../policies/row.ts";
import { all, on, set, UNKNOWN } from "../policies/world.ts";

const BROKEN = all(
  on("odoo", "privileged", true),
  on("odoo", "init", false),
  on("edge", "user", UNKNOWN),
  on("edge", "logOpts", undefined),
  set("policies", TYPES.terms, "exceptions", [
    { rule: "logs-are-rotated", resource: "edge", reason: "the host rotates them", until: "2026-02-01" },
  ]),
);

describe("the table", () => {
  test("has every finding, what mends it, and what follows", async () => {
    const findings = evaluatePlan(BROKEN(await prod()), { now: NOW });
    expect(findingsTable(findings, "prod", false).split("\n")).toEqual([
      "Policies",
      "mandatory  containers-are-not-privileged      odoo: privileged is true",
      "undecided  containers-run-as-a-numbered-user  edge: can't be decided yet: user is known only after deployment",
      "advisory   containers-reap-their-processes    odoo: init is not true",
      "excepted   logs-are-rotated                   edge: its log (json-file) has no max-size and max-file; accepted until 2026-02-01: the host rotates them",
      "",
      "What mends it",
      "containers-are-not-privileged    remove privileged",
      "containers-reap-their-processes  set init to true",
      "",
      "Policies: 1 mandatory, 1 advisory, 1 excepted, 1 undecided. `up` of stack prod would be refused now.",
    ]);
  });

  test("has colours where they are wanted", async () => {
    const findings = evaluatePlan(BROKEN(await prod()), { now: NOW });
    expect(findingsTable(findings, "prod", true)).toContain("\u001b[31mmandatory\u001b[39m");
  });

  test("of nothing is one line", () => {
    expect(findingsTable([], "dev")).toBe("Policies: nothing found.");
  });
});

describe("before a deployment", () => {
  test("mandatory violations are refused, each with what mends it", async () => {
    const plan = BROKEN(await prod());
    const refused = () => refuseViolations(plan, NOW);
    expect(refused).toThrow(Fault);
    expect(refused).toThrow(
      [
        "The policies refuse stack prod: 1 violation.",
        "  - containers-are-not-privileged: odoo: privileged is true",
        "What mends it",
        "containers-are-not-privileged  remove privileged",
        "",
        "An exception with an end can be added to Pulumi.prod.yaml: docs/POLICIES.md says how.",
      ].join("\n"),
    );
  });

  test("what is advisory, excepted or undecided is not", async () => {
    const plan = all(BROKEN, on("odoo", "privileged", false))(await prod());
    expect(refuseViolations(plan, NOW)).toBeUndefined();
  });
});
