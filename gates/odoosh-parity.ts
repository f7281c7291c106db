import type { PhaseVerdict, TaskStatus } from "../plan/phase.ts";
import { ODOOSH_FEATURES, type OdooshFeature } from "./odoosh-features.ts";

/** The phase of the launch. */
const LAUNCH = 6;

/** A feature that is not there yet. */
export interface MissingFeature {
  readonly name: string;
  readonly area: OdooshFeature["area"];
  readonly weight: number;
  /** Tasks that are not GO; empty where none measures it. */
  readonly waits: readonly { readonly task: string; readonly status: TaskStatus | "NO VERDICT" }[];
  /** Why, for a person. */
  readonly reason: string;
}

/** How much of Odoo.sh this platform has, by what was proved. */
export interface ParityScore {
  /** Weight of the features that are there, in percent of all; rounded down to a tenth, so that 95 means 95. */
  readonly percent: number;
  readonly features: { readonly there: number; readonly total: number };
  readonly weight: { readonly there: number; readonly total: number };
  /** Heaviest first. */
  readonly missing: readonly MissingFeature[];
}

/** The score that these verdicts prove: a feature counts when every task that proves it is GO, and not by half. */
export function odooshParity(
  phases: readonly Pick<PhaseVerdict, "tasks">[],
  features: readonly OdooshFeature[] = ODOOSH_FEATURES,
): ParityScore {
  const statuses = new Map(phases.flatMap(({ tasks }) => tasks).map(({ id, status }) => [id, status]));
  const missing = features.flatMap((feature): MissingFeature[] => {
    const waits = feature.tasks
      .map((task) => ({ task, status: statuses.get(task) ?? ("NO VERDICT" as const) }))
      .filter(({ status }) => status !== "GO");
    if (feature.tasks.length > 0 && waits.length === 0) return [];
    const { name, area, weight, without = "no task measures it" } = feature;
    const reason =
      waits.length === 0 ? without : `waits for ${waits.map(({ task, status }) => `${task} (${status})`).join(", ")}`;
    return [{ name, area, weight, waits, reason }];
  });
  const total = weightOf(features);
  const there = total - weightOf(missing);
  return {
    percent: total === 0 ? 0 : Math.floor((there * 1000) / total) / 10,
    features: { there: features.length - missing.length, total: features.length },
    weight: { there, total },
    missing: missing.sort((a, b) => b.weight - a.weight),
  };
}

/** Least score, in percent by weight, with which production is launched. */
export const ODOOSH_TARGET = 95;

/** What can be there before a launch: no task of the launch itself, or of what comes after it, has to be GO. */
export function beforeLaunch(features: readonly OdooshFeature[] = ODOOSH_FEATURES): readonly OdooshFeature[] {
  return features.filter(({ tasks }) => tasks.every((task) => Number.parseInt(task, 10) < LAUNCH));
}

function weightOf(features: readonly { readonly weight: number }[]): number {
  return features.reduce((sum, { weight }) => sum + weight, 0);
}
