import { readdirSync } from "node:fs";
import { join } from "node:path";

import { servicesOf, serviceOf } from "../engine/docker.ts";
import type { Plan } from "../plan/plan.ts";
import { fromFaults, type Measurement, type Probe } from "./probe.ts";
import { runBlocks } from "./runbook.ts";

const FOLDER = "docs/playbooks";
/** Fewer would be no watch over a system. */
const LEAST = 20;

/**
 * Every playbook's diagnosis runs on the stack as it stands: at three in the morning nobody finds out that a command is
 * misspelt. That each alert links one is decided by the tests of its rules.
 */
export const playbooks: Probe = {
  task: "7.2",
  ttlDays: 30,
  needs: "machine",
  onDemand: true,
  measure: async ({ root, stack, plan }) => {
    if (!isWatched(plan)) throw new Error("nothing watches this stack: monitoring.enabled is false");
    const pages = readdirSync(join(root, FOLDER)).filter((name) => name.endsWith(".md"));
    const runs: [string, Measurement][] = [];
    for (const page of pages) runs.push([page, await runBlocks(`${FOLDER}/${page}`, { root, stack })]);
    return judgePlaybooks(runs);
  },
};

function isWatched(plan: Plan): boolean {
  return servicesOf(plan).some((container) => serviceOf(container) === "prometheus");
}

/** Decides from what each page's blocks did. */
export function judgePlaybooks(runs: readonly (readonly [page: string, run: Measurement])[]): Measurement {
  const faults = [
    ...(runs.length >= LEAST ? [] : [`there are ${runs.length} playbooks, and ${LEAST} or more are wanted`]),
    ...runs.flatMap(([page, { holds, detail }]) => (holds ? [] : [`${page}: ${detail}`])),
  ];
  return fromFaults(faults, {
    measured: Object.fromEntries(runs.map(([page, { measured }]) => [page, measured])),
    limit: { playbooks: LEAST, faults: 0 },
    held: `all blocks of ${runs.length} playbooks run`,
  });
}
