import { describe, expect, test } from "vitest";

import { type Plan, TYPES } from "../../plan/plan.ts";
import { evaluatePlan, refuses } from "../../policies/evaluate.ts";
import type { Rule } from "../../policies/rule.ts";
import { RULES } from "../../policies/rules.ts";
import { planOf, STACKS } from "../harness/plans.ts";
import { prod } from "./prod.ts";
import { NOW } from "./row.ts";
import { vaults } from "./storage-world.ts";
import { all, type Change, on, set, UNKNOWN } from "./world.ts";

const judged = (plan: Plan, now = NOW) =>
  evaluatePlan(plan, { now }).map(({ rule, status, resource }) => `${status} ${rule} ${resource}`);

const rule = (changes: Partial<Rule>): Rule => ({
  id: "test-rule",
  level: "mandatory",
  must: "it holds",
  why: "it must",
  fix: "mend it",
  sources: [],
  reads: "nothing",
  types: [TYPES.network],
  findFaults: () => [],
  ...changes,
});

describe("every rule over every stack", () => {
  test.each(STACKS)("%s: nothing, but for phases that prod requires", async (stack) => {
    const expected = Array(6).fill("violation required-phases-are-go odoo-platform-prod") as string[];
    expect(judged(await planOf(stack))).toEqual(stack === "prod" ? expected : []);
  });

  test("prod with its phases GO: nothing", async () => {
    expect(judged(await prod())).toEqual([]);
  });

  test.each(STACKS)("%s without a registry: nothing more", async (stack) => {
    const found = judged(await planOf(stack, { machine: { imageSource: "debian" } }));
    expect(found.filter((line) => !line.includes("required-phases-are-go"))).toEqual([]);
  });

  test("vaults: nothing but what a stack must have", async () => {
    const rules = RULES.filter(({ types }) => types.some((type) => type.startsWith("aws:")));
    expect(rules).toHaveLength(25);
    expect(evaluatePlan(await vaults(), { now: NOW, rules })).toEqual([]);
  });

  test.each(STACKS)("a preview of %s refuses what its update does, and says what it can't decide", async (stack) => {
    const [update, preview] = [judged(await planOf(stack)), judged(await planOf(stack, {}, true))];
    expect(preview.filter((line) => line.startsWith("violation"))).toEqual(update);
    expect([
      ...new Set(preview.filter((line) => line.startsWith("undecided")).map((line) => line.split(" ")[1])),
    ]).toEqual([
      ...["no-secret-in-a-label", "uploaded-secrets-are-marked", "odoo-master-password-is-generated"],
      // AWS names a key when it makes it.
      ...(stack === "prod" ? ["buckets-are-encrypted-with-their-own-key", "keys-are-in-the-buckets-region"] : []),
      ...(stack === "prod" ? ["writers-delete-no-versions"] : []),
    ]);
  });
});

describe("a finding", () => {
  test("says what is wrong, with what, why, and what mends it", async () => {
    expect(evaluatePlan(on("odoo", "privileged", true)(await prod()), { now: NOW })).toEqual([
      {
        rule: "containers-are-not-privileged",
        level: "mandatory",
        status: "violation",
        urn: expect.stringMatching(/Container::odoo$/) as unknown,
        resource: "odoo",
        message: "privileged is true",
        why: "a privileged container is root on the host",
        fix: "remove privileged",
      },
    ]);
  });

  test("of a rule that throws is a violation, whatever was thrown", async () => {
    const throwing = (thrown: unknown) =>
      rule({
        findFaults: () => {
          throw thrown;
        },
      });
    const rules = [throwing(new Error("no such input")), throwing("a text")];
    const findings = evaluatePlan(await prod(), { now: NOW, rules });
    const [first, second] = [findings[0], findings.at(-1)];
    expect([first?.message, second?.message]).toEqual([
      "the rule failed to run: no such input",
      "the rule failed to run: a text",
    ]);
    expect([first, second].map((finding) => finding !== undefined && refuses(finding))).toEqual([true, true]);
  });

  test.each<[Change, boolean]>([
    [on("odoo", "privileged", true), true],
    [on("odoo", "privileged", UNKNOWN), false],
    [on("odoo", "init", false), false],
  ])("refuses a deployment where it is a mandatory violation", async (change, refused) => {
    expect(evaluatePlan(change(await prod()), { now: NOW }).map(refuses)).toEqual([refused]);
  });

  test("of a type that is not what the input says is a violation: no list, no record, no text, no number, no flag", async () => {
    const plan = all(
      on("odoo", "tmpfs", ["x"]),
      on("odoo", "user", 1),
      on("odoo", "readOnly", "yes"),
      on("odoo", "stopTimeout", "long"),
      on("odoo", "ulimits", "many"),
    )(await prod());
    expect(evaluatePlan(plan, { now: NOW }).map(({ message }) => message)).toEqual(
      [
        "the rule failed to run: user is no text",
        "the rule failed to run: stopTimeout is no number",
        "the rule failed to run: ulimits is no list",
        "the rule failed to run: readOnly is neither true nor false",
        "the rule failed to run: tmpfs is no record",
      ].sort((a, b) => order(plan, a) - order(plan, b)),
    );
  });
});

/** Place of a message among the findings. */
function order(plan: Plan, message: string): number {
  return evaluatePlan(plan, { now: NOW }).findIndex((finding) => finding.message === message);
}

describe("an exception", () => {
  const broken = on("edge", "logOpts", undefined);
  const excuse = (changes: { [key: string]: string } = {}) =>
    all(
      broken,
      set("policies", TYPES.terms, "exceptions", [
        {
          rule: "logs-are-rotated",
          resource: "edge",
          reason: "the host rotates them",
          until: "2026-01-02",
          ...changes,
        },
      ]),
    );

  test("is shown with its reason and its end, and refuses nothing", async () => {
    const [finding] = evaluatePlan(excuse()(await prod()), { now: NOW });
    expect(finding).toMatchObject({
      status: "excepted",
      level: "advisory",
      message: "its log (json-file) has no max-size and max-file; accepted until 2026-01-02: the host rotates them",
    });
  });

  test("counts to the end of its last day, and is a violation from then on", async () => {
    const plan = excuse()(await prod());
    expect(judged(plan, new Date("2026-01-02T23:59:59Z"))).toEqual(["excepted logs-are-rotated edge"]);
    expect(judged(plan, new Date("2026-01-03T00:00:00Z"))).toEqual([
      "violation exceptions-are-in-order policies",
      "violation logs-are-rotated edge",
    ]);
  });

  test.each([{ rule: "logs-are-rotatd" }, { resource: "odoo-x" }, { reason: "because" }, { until: "tomorrow" }])(
    "with a flaw counts for nothing: %j",
    async (changes) => {
      expect(judged(excuse(changes)(await prod()))).toEqual([
        "violation exceptions-are-in-order policies",
        "violation logs-are-rotated edge",
      ]);
    },
  );

  test("is for one resource and one rule", async () => {
    const plan = all(excuse(), on("odoo", "logOpts", undefined), on("edge", "privileged", true))(await prod());
    expect(judged(plan)).toEqual(
      [
        "excepted logs-are-rotated edge",
        "violation containers-are-not-privileged edge",
        "violation logs-are-rotated odoo",
      ].sort((a, b) => judged(plan).indexOf(a) - judged(plan).indexOf(b)),
    );
  });

  test("does not cover a rule that fails to run, nor itself", async () => {
    const plan = all(excuse(), on("edge", "logOpts", "x"), on("edge", "logDriver", 1))(await prod());
    expect(judged(plan)).toEqual(["violation logs-are-rotated edge"]);
  });

  test("from the phases that a stack requires lets its first deployment happen, and is shown", async () => {
    const first = set("policies", TYPES.terms, "exceptions", [
      {
        rule: "required-phases-are-go",
        resource: "odoo-platform-prod",
        reason: "the first deployment, from which evidence is to come",
        until: "2026-01-09",
      },
    ])(await planOf("prod"));
    expect(judged(first)).toEqual(Array(6).fill("excepted required-phases-are-go odoo-platform-prod"));
    expect(evaluatePlan(first, { now: NOW }).some(refuses)).toBe(false);
  });

  test("that can't be read lets nothing pass", async () => {
    const plan = all(broken, set("policies", TYPES.terms, "exceptions", "all"))(await prod());
    expect(judged(plan)).toEqual(["violation exceptions-are-in-order policies", "violation logs-are-rotated edge"]);
  });
});
