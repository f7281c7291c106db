import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type Plan, TYPES } from "../../plan/plan.ts";
import { evaluatePlan, refuses } from "../../policies/evaluate.ts";
import { ruleById, RULES } from "../../policies/rules.ts";
import { planOf, ROOT, STACKS } from "../harness/plans.ts";
import { loadPack, type Pack } from "../harness/policy-pack.ts";
import { prod } from "./prod.ts";
import { PROD_ROWS, S3_ROWS } from "./rows.ts";
import { vaults } from "./storage-world.ts";
import { on, set, UNKNOWN, without } from "./world.ts";

// The pack as Pulumi runs it: its own loader, its server, inputs over the wire. The engine around it is a small one, and
// shows outputs at the end that no rule may depend on. That a real engine stops at a mandatory violation is Pulumi's.

let pack: Pack;
beforeAll(async () => {
  pack = await loadPack(join(ROOT, "policies"));
});
afterAll(() => pack.stop());

/** Verdicts in process, as of now: the pack has no other clock. */
function inProcess(plan: Plan): string[] {
  return evaluatePlan(plan, { now: new Date() }).map(
    ({ rule, level, urn, resource, message }) => `${level} ${rule} ${urn} ${resource}: ${message}`,
  );
}

async function inPack(plan: Plan): Promise<string[]> {
  const diagnostics = await pack.judge(plan);
  return diagnostics.map(({ policy, level, urn, message }) => {
    const fix = RULES.find(({ id }) => id === policy)?.fix ?? "";
    const end = message.indexOf(`. ${fix.charAt(0).toUpperCase()}${fix.slice(1)}.`);
    return `${level} ${policy} ${urn} ${end === -1 ? message.replace(/\.$/, "") : message.slice(0, end)}`;
  });
}

test("the pack has one policy for each rule, of the rule's level, and one that keeps what is registered", async () => {
  expect(await pack.policies()).toEqual({
    "what-is-registered": "advisory",
    ...Object.fromEntries(RULES.map(({ id, level }) => [id, level])),
  });
});

describe("the same verdicts in the pack and in process", () => {
  test.each(STACKS)("%s", async (stack) => {
    const plan = await planOf(stack);
    expect(await inPack(plan)).toEqual(inProcess(plan));
  });

  test("phases that a stack requires", async () => {
    const lost = without("phase3", TYPES.phase)(await prod());
    expect(await inPack(lost)).toEqual(inProcess(lost));
    expect((await inPack(lost)).map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
      "mandatory phases-are-exported",
      "mandatory required-phases-are-go",
    ]);
    const open = await planOf("prod");
    expect((await inPack(open)).filter((line) => line.startsWith("mandatory required-phases-are-go"))).toHaveLength(6);
    expect(await inPack(await prod())).toEqual([]);
  });

  // Bad configurations and plans: for each rule what breaks it first, which may break others too.
  const [seeded, stored] = [PROD_ROWS, S3_ROWS].map((rows) =>
    rows
      .filter(({ rule }) => ruleById(rule)?.readsMarks !== true)
      .map(({ rule, breaks: [first] }) => ({ rule, first })),
  );

  test(`${(seeded?.length ?? 0) + (stored?.length ?? 0)} bad plans`, { timeout: 300_000 }, async () => {
    const worlds = [
      [await prod(), seeded ?? []],
      [await vaults(), stored ?? []],
    ] as const;
    let refused = 0;
    for (const [good, rows] of worlds) {
      for (const { rule, first } of rows) {
        const bad = first?.[0](good) ?? good;
        const verdicts = inProcess(bad);
        expect(verdicts.filter((line) => line.split(" ")[1] === rule)).not.toEqual([]);
        expect([rule, ...(await inPack(bad))]).toEqual([rule, ...verdicts]);
        if (evaluatePlan(bad, { now: new Date() }).some(refuses)) refused++;
      }
    }
    expect(refused).toBeGreaterThanOrEqual(95);
  });
});

test("a mark that Pulumi took off can't be missed: the rule that reads marks is told, and refuses nothing", async () => {
  const plan = on("odoo-secrets", "uploads.0.content", { secret: "from the configuration" })(await prod());
  expect(inProcess(plan)).toEqual([]);
  expect(await inPack(plan)).toEqual([
    expect.stringMatching(
      /^advisory uploaded-secrets-are-marked .* can't be decided here, where marks are taken off: /,
    ),
  ]);
});

describe("what only a deployment can tell", () => {
  test("is told, is advisory, and is no pass", async () => {
    const plan = on("odoo", "privileged", UNKNOWN)(await prod());
    expect(await inPack(plan)).toEqual([
      expect.stringMatching(/^advisory containers-are-not-privileged .* odoo: can't be decided yet: privileged /),
    ]);
  });

  test("is a secret's content in a first preview", async () => {
    const plan = set("odoo-secrets", TYPES.container, "uploads.0.content", UNKNOWN)(await prod());
    expect(await inPack(plan)).toEqual([
      expect.stringMatching(/^advisory uploaded-secrets-are-marked .* can't be decided yet/),
    ]);
  });
});

test("a generated password is seen where Pulumi took its mark off", async () => {
  const plan = on("odoo", "envs.0", { secret: "DSN=secret://odoo-db-password" })(await prod());
  expect((await inPack(plan)).filter((line) => line.includes("no-secret"))).toEqual([
    expect.stringMatching(/^mandatory no-secret-in-an-environment .* odoo: DSN is marked as a secret$/),
  ]);
});
