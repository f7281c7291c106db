import type Docker from "dockerode";

import { messageOf } from "../engine/fault.ts";
import type { Evidence } from "../gates/evidence.ts";
import { gateFacts } from "../gates/json.ts";
import { taskById } from "../gates/tasks.ts";
import type { Task } from "../gates/task.ts";
import { findWorthlessness } from "../gates/verdict.ts";
import type { Plan } from "../plan/plan.ts";
import { readEvidence } from "../stacks/inputs.ts";
import { openContext } from "./context.ts";
import { taskFileDigests, writeEvidence } from "./evidence-store.ts";
import { PROBES } from "./index.ts";
import type { Measurement, Probe, ProbeContext } from "./probe.ts";

/** Longest that one probe may take. */
const TIMEOUT_SECONDS = 60;
const LONGEST_DETAIL = 1000;
/** A runbook brings whole systems up. */
const ON_DEMAND_TIMEOUT_SECONDS = 1800;

export interface RunArgs {
  readonly root: string;
  readonly docker: Docker;
  readonly plan: Plan;
  /**
   * `all`: every probe but those that run on demand only. `quick`: the quick ones, and those whose evidence is missing,
   * stale or doesn't hold. Or tasks by id.
   */
  readonly scope: "all" | "quick" | readonly string[];
  /** Told each result as it comes. */
  readonly say?: (line: string) => void;
  /** @default the clock's */
  readonly now?: Date;
  /** @default all probes of the platform */
  readonly probes?: readonly Probe[];
}

/** What one probe found. */
export interface ProbeResult {
  readonly task: string;
  readonly title: string;
  readonly holds: boolean;
  readonly detail: string;
  /** Services to make anew; empty where the claim holds or nothing here mends it. */
  readonly mends: readonly string[];
  readonly seconds: number;
}

/** Measures, and writes a piece of evidence for each task; in the order of the plan. */
export async function runProbes({
  root,
  docker,
  plan,
  scope,
  say = () => undefined,
  now,
  probes = PROBES,
}: RunArgs): Promise<ProbeResult[]> {
  const chosen = chooseProbes(probes, scope, { root, plan, now: now ?? new Date() });
  const { context, secretsRead } = openContext({ root, docker, plan, ...(now === undefined ? {} : { now }) });
  const run = async (probe: Probe): Promise<ProbeResult> => {
    const started = performance.now();
    const { evidence, mends } = await takeEvidence(probe, context, { secretsRead });
    writeEvidence(root, evidence);
    const { task, holds, detail } = evidence;
    say(`${task} ${holds ? "holds" : "does not hold"}: ${detail}`);
    return { task, title: claimOf(probe).title, holds, detail, mends, seconds: (performance.now() - started) / 1000 };
  };
  const onDemand = chosen.filter((probe) => probe.onDemand === true);
  const others = chosen.filter((probe) => probe.onDemand !== true);
  const [parallel, serial] = await Promise.all([
    Promise.all(others.filter(({ needs }) => needs !== "repository").map(run)),
    // These evaluate the program, which is done once at a time in a process.
    inTurn(
      others.filter(({ needs }) => needs === "repository"),
      run,
    ),
  ]);
  const last = await inTurn(onDemand, run);
  return [...parallel, ...serial, ...last].sort((a, b) => a.task.localeCompare(b.task, "en", { numeric: true }));
}

/**
 * The probes of a scope.
 *
 * @throws Error for a task that no probe measures.
 */
export function chooseProbes(
  probes: readonly Probe[],
  scope: RunArgs["scope"],
  { root, plan, now }: { root: string; plan: Plan; now: Date },
): readonly Probe[] {
  if (scope === "all") return probes.filter((probe) => probe.onDemand !== true);
  if (scope !== "quick") {
    const unknown = scope.filter((id) => !probes.some(({ task }) => task === id));
    if (unknown.length > 0)
      throw new Error(
        `no probe measures ${unknown.join(", ")}; probes measure ${probes.map(({ task }) => task).join(", ")}`,
      );
    return probes.filter(({ task }) => scope.includes(task));
  }
  const evidence = readEvidence(root, plan.stack);
  const counts = (probe: Probe): boolean => {
    const own = evidence.filter((piece) => piece.task === probe.task);
    const [piece] = own;
    if (piece === undefined || own.length > 1 || !piece.holds) return false;
    return findWorthlessness(claimOf(probe), piece, gateFacts(plan), now) === undefined;
  };
  return probes.filter((probe) => probe.onDemand !== true && (probe.quick === true || !counts(probe)));
}

interface TakeArgs {
  readonly secretsRead: () => readonly string[];
}

/** Measures one task. A probe that throws, takes too long, or lets a secret out gives evidence that the claim does not hold. */
export async function takeEvidence(
  probe: Probe,
  context: ProbeContext,
  { secretsRead }: TakeArgs,
): Promise<{ evidence: Evidence; mends: readonly string[] }> {
  const claim = claimOf(probe);
  const facts = gateFacts(context.plan);
  const { digests, missing } = taskFileDigests(context.root, "files" in claim ? (claim.files ?? []) : []);
  const measured =
    missing.length > 0 ? failed(claim, `missing: ${missing.join(", ")}`) : await measureSafely(probe, claim, context);
  const kept = holdsSecret(measured, secretsRead())
    ? failed(claim, "what was measured held a secret, and was thrown away")
    : measured;
  const evidence: Evidence = {
    task: probe.task,
    stack: context.stack,
    holds: kept.holds,
    measured: kept.measured,
    limit: kept.limit,
    at: context.now.toISOString(),
    ttlDays: probe.ttlDays,
    commit: facts.commit,
    planDigest: facts.planDigest,
    files: digests,
    detail: sentence(kept.detail),
  };
  return { evidence, mends: kept.holds ? [] : (kept.mends ?? probe.mends ?? []) };
}

async function measureSafely(probe: Probe, claim: Task, context: ProbeContext): Promise<Measurement> {
  const limit = probe.timeoutSeconds ?? (probe.onDemand === true ? ON_DEMAND_TIMEOUT_SECONDS : TIMEOUT_SECONDS);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${limit} s`)), limit * 1000);
  });
  try {
    return await Promise.race([probe.measure(context), late]);
  } catch (error) {
    return failed(claim, messageOf(error));
  } finally {
    clearTimeout(timer);
  }
}

function failed(claim: Task, why: string): Measurement {
  return { holds: false, measured: null, limit: claim.must, detail: `could not be measured: ${why}` };
}

/** One line of bearable length: evidence travels in stack outputs. What was measured holds the rest. */
function sentence(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= LONGEST_DETAIL ? line : `${line.slice(0, LONGEST_DETAIL - 1)}…`;
}

function holdsSecret(measurement: Measurement, secrets: readonly string[]): boolean {
  const text = JSON.stringify(measurement);
  return secrets.some((secret) => text.includes(secret));
}

function claimOf({ task }: Probe): Task {
  const claim = taskById(task);
  if (claim === undefined) throw new Error(`a probe measures task ${task}, which no phase has`);
  return claim;
}

async function inTurn<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await run(item));
  return results;
}
