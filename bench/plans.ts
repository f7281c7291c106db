import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { planStack } from "../engine/stack-plan.ts";
import { type Plan, textOf, TYPES } from "../plan/plan.ts";
import { evaluatePlan } from "../policies/evaluate.ts";
import { median, print } from "./report.ts";

const ROUNDS = 5;
const SIZES = [125, 250, 500, 1000];

/**
 * What a pull request waits for: the plan of prod with all policies and gates, as a command, and the cost of policies by
 * number of resources. Needs no stack that runs.
 */
export async function benchPlans(root: string): Promise<void> {
  const seconds = median(Array.from({ length: ROUNDS }, () => timed(root)));
  print([
    ["pull request", `median of ${ROUNDS}, s`, "goal, s"],
    ["plan + policies + gates of prod", seconds.toFixed(2), "1.5"],
  ]);
  const prod = await planStack("prod", { root });
  const now = new Date();
  evaluatePlan(grown(prod, SIZES[0] ?? 0), { now });
  const rows = SIZES.map((size) => {
    const plan = grown(prod, size);
    const times = Array.from({ length: ROUNDS }, () => {
      const started = performance.now();
      evaluatePlan(plan, { now });
      return performance.now() - started;
    });
    return [plan.resources.length, median(times)] as const;
  });
  const perResource = rows.map(([count, ms]) => ms / count);
  print([
    ["policies", "ms", "µs a resource", "goal"],
    ...rows.map(([count, ms]) => [`${count} resources`, ms.toFixed(1), ((ms / count) * 1000).toFixed(0), ""]),
    ["largest / smallest", "", `${((perResource.at(-1) ?? 0) / (perResource[0] ?? 1)).toFixed(2)}×`, "≤ 1.5×"],
  ]);
}

function timed(root: string): number {
  const started = performance.now();
  const run = spawnSync(process.execPath, [join(root, "cli/platform.mjs"), "plan", "--stack", "prod"], {
    cwd: root,
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(`plan ended with ${String(run.status)}: ${run.stderr}`);
  return (performance.now() - started) / 1000;
}

/** The plan with more of what it is mostly made of: services, with their networks, volumes and secrets. */
export function grown(plan: Plan, size: number): Plan {
  const single: readonly string[] = [TYPES.stack, TYPES.terms, TYPES.phase];
  const many = plan.resources.filter(({ type, name }) => !single.includes(type) && !name.startsWith("postgres"));
  const resources = [...plan.resources];
  for (let copy = 1; resources.length < size; copy++) {
    for (const resource of many.slice(0, size - resources.length)) {
      const { urn, name, inputs, type } = resource;
      const named = type === TYPES.network || type === TYPES.volume;
      resources.push({
        ...resource,
        urn: `${urn}-${copy}`,
        name: `${name}-${copy}`,
        inputs: named ? { ...inputs, name: `${textOf(resource, "name")}-${copy}` } : inputs,
      });
    }
  }
  return { ...plan, resources };
}
