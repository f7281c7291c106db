import { z } from "zod";

import type { Evidence } from "../evidence.ts";
import type { Lock, Provided } from "./lock.ts";

/** Fewer would be no picture of Odoo Enterprise. */
export const LEAST_FEATURES = 55;

export const MAPPING_FILE = "ee_parity_mapping.yml";

const moduleName = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, "must be a technical module name such as account_reconcile_oca");
const common = {
  /** Module of Enterprise that has the feature. */
  ee: moduleName,
  feature: z.string().min(3),
  /** 3: a company stops without it; 2: it hurts; 1: comfort. */
  weight: z.int().min(1).max(3),
};
const lacks = z.string().min(3);

const feature = z.discriminatedUnion("strategy", [
  z.strictObject({
    strategy: z.enum(["oca", "ce"]),
    ...common,
    modules: z.array(moduleName).min(1),
    /** Why the modules, though locked, are of no use here: then it does not count. */
    broken: z.string().min(3).optional(),
    /** What Enterprise does and this doesn't. */
    lacks: lacks.optional(),
  }),
  z.strictObject({
    strategy: z.literal("service"),
    ...common,
    /** Tasks of the gates that prove the service. */
    service: z.array(z.string().regex(/^\d\.\d+$/, "must be a task such as 5.1")).min(1),
    lacks: lacks.optional(),
  }),
  z.strictObject({ strategy: z.literal("gap"), ...common, /** What to use instead. */ lacks }),
]);

/** ee_parity_mapping.yml. */
export const mappingSchema = z.strictObject({
  /** Least score, in percent by weight, with which the company goes live. */
  target: z.number().min(0).max(100),
  features: z.array(feature),
});

export type EeFeature = z.output<typeof feature>;

/** How far a feature is; each includes those before it. Nothing in the mapping says it: it is computed. */
export const TIERS = ["gap", "mapped", "locked", "installs", "tested"] as const;
export type Tier = (typeof TIERS)[number];

/** What tiers are computed from. */
export interface ParityFacts {
  readonly lock: Lock;
  readonly provided: Provided;
  /** Modules that were seen installed, by evidence that counts. */
  readonly installed: ReadonlySet<string>;
  /** Modules whose own tests passed, by evidence that counts. */
  readonly tested: ReadonlySet<string>;
  /** Tasks that are GO. */
  readonly go: ReadonlySet<string>;
}

/** What is wrong with the mapping, a sentence each: made-up modules above all. */
export function findMappingFaults(
  features: readonly EeFeature[],
  { lock, provided, tasks }: Pick<ParityFacts, "lock" | "provided"> & { readonly tasks: readonly string[] },
): string[] {
  const names = features.map(({ ee }) => ee);
  return [
    ...(features.length >= LEAST_FEATURES ? [] : [`${features.length} features; ${LEAST_FEATURES} or more are wanted`]),
    ...[...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map(
      (name) => `${name} is there twice`,
    ),
    ...features.flatMap((one) => {
      if (one.strategy === "gap") return [];
      if (one.strategy === "service")
        return one.service
          .filter((task) => !tasks.includes(task))
          .map((task) => `${one.ee}: no phase has task ${task}`);
      const known = one.strategy === "ce" ? provided.modules : Object.keys(lock.addons);
      const where = one.strategy === "ce" ? "a module of Odoo CE" : "locked";
      return one.modules.filter((name) => !known.includes(name)).map((name) => `${one.ee}: ${name} is not ${where}`);
    }),
  ];
}

/** The tier that the facts give a feature. */
export function tierOf(one: EeFeature, { lock, provided, installed, tested, go }: ParityFacts): Tier {
  if (one.strategy === "gap") return "gap";
  if (one.strategy === "service") return one.service.every((task) => go.has(task)) ? "tested" : "mapped";
  const known = (name: string) => lock.addons[name] !== undefined || provided.modules.includes(name);
  if (!one.modules.every(known)) return "mapped";
  if (one.broken !== undefined || !one.modules.every((name) => installed.has(name))) return "locked";
  return one.modules.every((name) => tested.has(name)) ? "tested" : "installs";
}

/** How much of Enterprise is there. */
export interface EeScore {
  /** Weight of features that are installed or more, in per cent of all; rounded down to a tenth. */
  readonly percent: number;
  readonly weight: { readonly there: number; readonly total: number };
  /** Number of features of each tier. */
  readonly tiers: { readonly [tier in Tier]: number };
  readonly features: readonly {
    readonly ee: string;
    readonly feature: string;
    readonly weight: number;
    readonly tier: Tier;
    readonly note: string;
  }[];
}

export function eeParity(features: readonly EeFeature[], facts: ParityFacts): EeScore {
  const judged = features.map((one) => ({
    ...{ ee: one.ee, feature: one.feature, weight: one.weight },
    tier: tierOf(one, facts),
    note: ("broken" in one ? one.broken : undefined) ?? one.lacks ?? "",
  }));
  const weigh = (some: readonly { readonly weight: number }[]) => some.reduce((sum, { weight }) => sum + weight, 0);
  const total = weigh(judged);
  const there = weigh(judged.filter(({ tier }) => TIERS.indexOf(tier) >= TIERS.indexOf("installs")));
  return {
    percent: total === 0 ? 0 : Math.floor((there * 1000) / total) / 10,
    weight: { there, total },
    tiers: Object.fromEntries(
      TIERS.map((tier) => [tier, judged.filter((one) => one.tier === tier).length]),
    ) as EeScore["tiers"],
    features: judged,
  };
}

/** Modules that a piece of evidence names in a list of what was measured; none where it doesn't hold. */
export function modulesIn(evidence: readonly Evidence[], task: string, list: string): ReadonlySet<string> {
  const names = evidence
    .filter((piece) => piece.task === task && piece.holds)
    .flatMap(({ measured }) => (measured as Record<string, unknown> | null)?.[list] ?? []);
  return new Set(names.filter((name): name is string => typeof name === "string"));
}
