import { PHASES, type PhaseStatus, type PhaseVerdict, type TaskStatus, type TaskVerdict } from "../plan/phase.ts";
import { findStaleness } from "./evidence.ts";
import type { GateFacts } from "./facts.ts";
import type { Task } from "./task.ts";

/**
 * Decides every task of every phase.
 *
 * Pure: the same facts and the same time give the same verdicts, in preview, in update, in process, on another machine.
 * A check that throws is NO-GO with its error, never a pass.
 *
 * @param tasks tasks of phase 0, of phase 1, and so on.
 */
export function decide(tasks: readonly (readonly Task[])[], facts: GateFacts, now: Date): PhaseVerdict[] {
  refuseDuplicates(tasks.flat());
  let earlierHold = true;
  return tasks.map((ofPhase, phase) => {
    const others = ofPhase.filter((task) => !("gate" in task)).map((task) => decideTask(task, facts, now));
    const waits = others.filter(({ status }) => status !== "GO").map(({ id }) => id);
    const verdicts = ofPhase.map(
      (task) => others.find(({ id }) => id === task.id) ?? decideGate(task, waits, earlierHold ? [] : [phase - 1]),
    );
    const verdict = statusOf(verdicts, earlierHold);
    earlierHold = verdict === "GO";
    return {
      phase,
      title: PHASES[phase] ?? "",
      verdict,
      passed: verdicts.filter(({ status }) => status === "GO").length,
      total: verdicts.length,
      tasks: verdicts,
    };
  });
}

/** GO when all phases are, NO-GO when one is, else PARTIAL or PENDING: what is said of a whole stack. */
export function overall(phases: readonly PhaseVerdict[]): PhaseStatus {
  const all = phases.map(({ verdict }) => verdict);
  if (all.includes("NO-GO")) return "NO-GO";
  if (all.every((verdict) => verdict === "GO")) return "GO";
  return all.every((verdict) => verdict === "PENDING") ? "PENDING" : "PARTIAL";
}

function decideTask(task: Task, facts: GateFacts, now: Date): TaskVerdict {
  try {
    return { ...claimOf(task), ...finding(task, facts, now) };
  } catch (error) {
    return {
      ...claimOf(task),
      status: "NO-GO",
      detail: `the check failed to run: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

function finding(task: Task, facts: GateFacts, now: Date): { status: TaskStatus; detail: string } {
  if ("findFault" in task) {
    const fault = task.findFault(facts.settings);
    return fault === undefined ? { status: "GO", detail: task.must } : { status: "NO-GO", detail: fault };
  }
  const own = facts.evidence.filter((evidence) => evidence.task === task.id);
  if (own.length > 1) throw new Error(`${own.length} pieces of evidence for one task; keep the newest`);
  const [evidence] = own;
  const take = `run \`npm run platform -- verify --stack ${facts.stack} --task ${task.id}\``;
  if (evidence === undefined) return { status: "PENDING", detail: "no evidence yet" };
  if (evidence.stack !== facts.stack)
    return { status: "NO-GO", detail: `evidence is of stack ${evidence.stack}; ${take}` };
  const stale = findStaleness(evidence, facts, now, task.kind === "probe");
  if (stale !== undefined) return { status: "NO-GO", detail: `${stale}; ${take}` };
  return { status: evidence.holds ? "GO" : "NO-GO", detail: evidence.detail };
}

function decideGate(task: Task, waits: readonly string[], earlier: readonly number[]): TaskVerdict {
  const missing = [...earlier.map((phase) => `phase ${phase}`), ...waits];
  return missing.length === 0
    ? { ...claimOf(task), status: "GO", detail: task.must }
    : { ...claimOf(task), status: "PENDING", detail: `waits for ${missing.join(", ")}` };
}

function statusOf(verdicts: readonly TaskVerdict[], earlierHold: boolean): PhaseStatus {
  const all = verdicts.map(({ status }) => status);
  if (all.includes("NO-GO")) return "NO-GO";
  if (all.length > 0 && all.every((status) => status === "GO")) return earlierHold ? "GO" : "PARTIAL";
  return all.includes("GO") ? "PARTIAL" : "PENDING";
}

function claimOf({ id, title, owner, kind }: Task): Pick<TaskVerdict, "id" | "title" | "owner" | "kind"> {
  return { id, title, owner, kind };
}

function refuseDuplicates(tasks: readonly Task[]): void {
  const seen = new Set<string>();
  for (const { id } of tasks) {
    if (seen.has(id)) throw new Error(`task ${id} is defined twice; ids are permanent and unique`);
    seen.add(id);
  }
}
