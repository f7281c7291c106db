import type { EeScore } from "../addons/ee-parity.ts";
import type { ParityScore } from "../odoosh-parity.ts";
import { taskById } from "../tasks.ts";
import type { Next, NextItem } from "./record.ts";
import { AHEAD_DAYS, dayOf, expiring, openActions, type ReviewFacts } from "./review.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** What a plan is made from: what a review is, and what is missing by name. */
export interface NextFacts extends ReviewFacts {
  readonly odoosh: Pick<ParityScore, "missing">;
  readonly enterprise: Pick<EeScore, "features">;
}

/**
 * The next iteration: everything that isn't as it should be, each with what says so, who owns it and until when. First what
 * is wrong, then what people promised, then what ends in the quarter to come, then what was never there. Unsigned.
 */
export function composeNext(facts: NextFacts, now: Date): Next {
  const items = [
    ...tasks(facts, "NO-GO"),
    ...actions(facts),
    ...exceptions(facts, now),
    ...evidence(facts, now),
    ...tasks(facts, "PENDING"),
    ...odoosh(facts),
    ...enterprise(facts),
  ];
  return { kind: "next", stack: facts.gate.stack, at: now.toISOString(), items };
}

function tasks({ phases }: NextFacts, status: "NO-GO" | "PENDING"): NextItem[] {
  return phases
    .flatMap((phase) => phase.tasks)
    .filter((task) => task.status === status && !isGate(task.id))
    .map(({ id, title, owner, detail }) => ({ from: "task", id, what: title, why: `${status}: ${detail}`, owner }));
}

/** A gate's own row waits for others, which are there themselves. */
function isGate(id: string): boolean {
  const task = taskById(id);
  return task !== undefined && "gate" in task;
}

function actions({ lessons }: NextFacts): NextItem[] {
  return openActions(lessons).map(({ id, why, action: { what, owner, due } }) => {
    return { from: "lesson", id, what, why, owner, until: due };
  });
}

function exceptions({ exceptions }: NextFacts, now: Date): NextItem[] {
  const horizon = dayOf(new Date(now.getTime() + AHEAD_DAYS * DAY_MS));
  return exceptions
    .filter(({ until }) => until <= horizon)
    .sort((a, b) => a.until.localeCompare(b.until))
    .map(({ rule, resource, reason, until }) => ({
      ...{ from: "exception", id: rule, owner: "Platform", until },
      what: `mend ${resource}, or answer for it anew`,
      why: reason,
    }));
}

function evidence({ gate, phases }: NextFacts, now: Date): NextItem[] {
  const owners = new Map<string, string>(phases.flatMap(({ tasks }) => tasks).map(({ id, owner }) => [id, owner]));
  return expiring(gate.evidence, now).map(({ task, until }) => ({
    ...{ from: "evidence", id: task, owner: owners.get(task) ?? "Platform", until },
    what: `measure ${task} anew`,
    why: "what was measured stops counting",
  }));
}

function odoosh({ odoosh: { missing } }: NextFacts): NextItem[] {
  return missing.map(({ name, reason }) => ({ from: "odoosh", id: name, what: name, why: reason, owner: "Platform" }));
}

function enterprise({ enterprise: { features } }: NextFacts): NextItem[] {
  return features
    .filter(({ tier }) => tier !== "installs" && tier !== "tested")
    .sort((a, b) => b.weight - a.weight)
    .map(({ ee, feature, tier, note }) => ({
      ...{ from: "enterprise", id: ee, what: feature, owner: "Platform" },
      why: note === "" ? `it is ${tier}, and not seen installed` : note,
    }));
}
