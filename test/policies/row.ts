import { describe, expect, test } from "vitest";

import type { Plan } from "../../plan/plan.ts";
import { evaluatePlan } from "../../policies/evaluate.ts";
import { ruleById } from "../../policies/rules.ts";
import type { Change } from "./world.ts";

export const NOW = new Date("2026-01-02T03:04:05Z");

/** What breaks a rule, and what doesn't. */
export interface Row {
  readonly rule: string;
  /** What breaks it, each with all that the rule then says, `<resource>: <message>`. */
  readonly breaks: readonly (readonly [change: Change, ...faults: string[]])[];
  /** Beside the plan as it is. */
  readonly holds?: readonly Change[];
  /** What makes it undecided, and for which resource, as a regular expression. */
  readonly unknown: readonly [change: Change, resource: string];
}

/** What one rule says of a plan: `<status> <resource>: <message>`. */
export function sayings(rule: string, plan: Plan): string[] {
  const found = ruleById(rule);
  if (found === undefined) throw new Error(`there is no rule ${rule}`);
  return evaluatePlan(plan, { now: NOW, rules: [found] }).map(
    ({ status, resource, message }) => `${status} ${resource}: ${message}`,
  );
}

/** One suite for each row: what it must hold of the plan as it is, broken, mended otherwise, unknown, of another type. */
export function table(rows: readonly Row[], world: () => Promise<Plan>): void {
  describe.each(rows)("$rule", ({ rule, breaks, holds = [], unknown }) => {
    test("holds of the plan as it is", async () => {
      expect(sayings(rule, await world())).toEqual([]);
    });

    test.each(breaks.map(([change, ...faults]) => [faults.join(" | "), change, faults] as const))(
      "is broken: %s",
      async (_title, change, faults) => {
        expect(sayings(rule, change(await world()))).toEqual(faults.map((fault) => `violation ${fault}`));
      },
    );

    test("does not judge what is of another type", async () => {
      const types = ruleById(rule)?.types ?? [];
      for (const [change] of breaks) {
        const { resources, ...plan } = change(await world());
        const other = resources.filter(({ type }) => !types.includes(type));
        const renamed = resources.map((one) => ({ ...one, urn: `${one.urn}-other`, type: "other:index/thing:Thing" }));
        expect(sayings(rule, { ...plan, resources: [...other, ...renamed] })).toEqual([]);
      }
    });

    if (holds.length > 0)
      test("holds of other plans", async () => {
        for (const change of holds) expect(sayings(rule, change(await world()))).toEqual([]);
      });

    test("is undecided where it reads what only a deployment can tell", async () => {
      const [change, resource] = unknown;
      const said = sayings(rule, change(await world()));
      const undecided = said.filter((saying) => saying.startsWith("undecided"));
      const expected = new RegExp(`^undecided ${resource}: can't be decided yet: `);
      expect(undecided.filter((saying) => expected.test(saying))).toEqual(undecided);
      expect(undecided).not.toEqual([]);
    });
  });
}
