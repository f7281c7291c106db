import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { readLock, readProvided } from "../engine/addons/store.ts";
import {
  type EeFeature,
  eeParity,
  type EeScore,
  findMappingFaults,
  LEAST_FEATURES,
  MAPPING_FILE,
  mappingSchema,
  modulesIn,
  type ParityFacts,
} from "../gates/addons/ee-parity.ts";
import { EMPTY_LOCK } from "../gates/addons/lock.ts";
import type { GateFacts } from "../gates/facts.ts";
import { gateFacts } from "../gates/json.ts";
import { TASKS } from "../gates/tasks.ts";
import { decide } from "../gates/verdict.ts";
import { sentences } from "../stacks/config-fault.ts";
import { fromFaults, type Probe } from "./probe.ts";

/** Modules that no lock and no Odoo has: a mapping that took them would take anything. */
const MADE_UP = "calendar_slot_that_nobody_wrote";

/**
 * Every feature names modules that are locked or Odoo's, or tasks that there are; a made-up one is refused, which is
 * tried; and how far each is follows from the lock and from evidence, which is tried too: without evidence nothing counts.
 */
export const eeMapping: Probe = {
  task: "3.5",
  ttlDays: 30,
  needs: "repository",
  measure: ({ root, plan, now }) => {
    const { features, faults } = readMapping(root);
    const { lock, provided } = addonsOf(root);
    const tasks = TASKS.flat().map(({ id }) => id as string);
    const score = enterpriseScore(root, gateFacts(plan), now);
    const none = new Set<string>();
    const bare = eeParity(features, { lock, provided, go: none, installed: none, tested: none });
    const madeUp: EeFeature = { strategy: "oca", ee: "made_up", feature: "Made up", weight: 1, modules: [MADE_UP] };
    const all = [
      ...faults,
      ...findMappingFaults(features, { lock, provided, tasks }),
      ...(findMappingFaults([...features, madeUp], { lock, provided, tasks }).some((fault) => fault.includes(MADE_UP))
        ? []
        : ["a made-up module is taken"]),
      ...(bare.percent === 0 ? [] : [`without evidence the score is ${bare.percent} %`]),
    ];
    return Promise.resolve(
      fromFaults(all, {
        measured: { features: features.length, percent: score.percent, tiers: { ...score.tiers } },
        limit: { features: LEAST_FEATURES, faults: 0 },
        held: `${features.length} features of Enterprise: ${score.percent} % by weight are proved to install (${Object.entries(
          score.tiers,
        )
          .map(([tier, count]) => `${tier} ${count}`)
          .join(", ")})`,
      }),
    );
  },
};

/** How much of Enterprise the lock and the evidence prove now. */
export function enterpriseScore(root: string, facts: GateFacts, now: Date): EeScore {
  const verdicts = decide(TASKS, facts, now).flatMap(({ tasks }) => tasks);
  const go = new Set(verdicts.flatMap(({ id, status }) => (status === "GO" ? [id] : [])));
  // Evidence counts where its task is GO: not stale, and signed by somebody whose word counts.
  const counted = facts.evidence.filter(({ task }) => go.has(task));
  return eeParity(readMapping(root).features, {
    ...addonsOf(root),
    go,
    installed: modulesIn(counted, "3.2", "installed"),
    tested: modulesIn(counted, "3.6", "tested"),
  });
}

function addonsOf(root: string): Pick<ParityFacts, "lock" | "provided"> {
  return { lock: readLock(root).lock ?? EMPTY_LOCK, provided: readProvided(root) };
}

/** The mapping, and what is wrong with its form. */
export function readMapping(root: string): {
  /** Absent where the form isn't right. */
  readonly target?: number;
  readonly features: readonly EeFeature[];
  readonly faults: readonly string[];
} {
  let value: unknown;
  try {
    value = parse(readFileSync(join(root, MAPPING_FILE), "utf8"));
  } catch (error) {
    return {
      features: [],
      faults: [`${MAPPING_FILE} can't be read: ${error instanceof Error ? error.message : String(error)}`],
    };
  }
  const { data, error } = mappingSchema.safeParse(value);
  if (data === undefined) return { features: [], faults: error.issues.flatMap((issue) => sentences(issue, value)) };
  return { ...data, faults: [] };
}
