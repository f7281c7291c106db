import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { readLock } from "../engine/addons/store.ts";
import { EMPTY_LOCK } from "../gates/addons/lock.ts";
import { LOCK_FILE } from "../gates/addons/lock-files.ts";
import { gateFacts } from "../gates/json.ts";
import { odooshParity } from "../gates/odoosh-parity.ts";
import type { NextFacts } from "../gates/records/next.ts";
import type { Review } from "../gates/records/record.ts";
import { TASKS } from "../gates/tasks.ts";
import { decide } from "../gates/verdict.ts";
import type { Plan } from "../plan/plan.ts";
import { enterpriseScore } from "./ee-mapping.ts";
import { readRecord } from "./record-store.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Everything that a review and the next plan are made from, by the plan, the evidence and git. Asks nobody. */
export function reviewFacts(root: string, plan: Plan, exceptions: Review["exceptions"], now: Date): NextFacts {
  const gate = gateFacts(plan);
  const phases = decide(TASKS, gate, now);
  const odoosh = odooshParity(phases);
  const enterprise = enterpriseScore(root, gate, now);
  return {
    ...{ gate, phases, odoosh, enterprise },
    parity: { odoosh: odoosh.percent, enterprise: enterprise.percent },
    exceptions,
    pins: pinsOf(root, now),
    lessons: readRecord(root, plan.stack, "lessons"),
  };
}

/** Pinned npm packages and addons, with the days for which nobody changed the pin; empty outside a repository. */
export function pinsOf(root: string, now: Date): Review["pins"] {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    [group in "dependencies" | "devDependencies"]?: Record<string, string>;
  };
  const packages = Object.entries({ ...dependencies, ...devDependencies });
  const addons = Object.entries((readLock(root).lock ?? EMPTY_LOCK).addons);
  return [
    ...agesOf(
      root,
      "package.json",
      now,
      packages.map(([name, version]) => [name, version, `"${name}": "${version}"`]),
    ),
    ...agesOf(
      root,
      LOCK_FILE,
      now,
      addons.map(([name, { version, ...addon }]) => {
        return [name, version, addon.source === "pypi" ? addon.file : addon.commit];
      }),
    ),
  ];
}

/** Each pin with the age of the line that holds a text; without those that no commit has. */
function agesOf(
  root: string,
  path: string,
  now: Date,
  pins: readonly (readonly [name: string, version: string, text: string])[],
): Review["pins"] {
  const lines = [...datesOfLines(root, path)];
  return pins.flatMap(([name, version, text]) => {
    const [, changed] = lines.find(([line]) => line.includes(text)) ?? [];
    return changed === undefined
      ? []
      : [{ name, version, days: Math.max(0, Math.floor((now.getTime() - changed) / DAY_MS)) }];
  });
}

/** When each line of a file was last changed, in milliseconds since 1970. */
function datesOfLines(root: string, path: string): ReadonlyMap<string, number> {
  let blame: string;
  try {
    blame = execFileSync("git", ["blame", "--line-porcelain", "--", path], {
      ...{
        cwd: root,
        encoding: "utf8" as const,
        maxBuffer: 64 * 2 ** 20,
        stdio: ["ignore", "pipe", "ignore"] as const,
      },
    });
  } catch {
    return new Map();
  }
  const lines = new Map<string, number>();
  let date = 0;
  for (const line of blame.split("\n")) {
    if (line.startsWith("author-time ")) date = Number(line.slice("author-time ".length)) * 1000;
    if (line.startsWith("\t")) lines.set(line.slice(1), date);
  }
  return lines;
}
