import { PHASES, type PhaseStatus, type PhaseVerdict, type TaskStatus, type TaskVerdict } from "../plan/phase.ts";
import { type Bounds, type Evidence, findStaleness } from "./evidence.ts";
import type { GateFacts } from "./facts.ts";
import { recordPath } from "./records/record.ts";
import { type Signer, signerOf } from "./seal.ts";
import { itemTasks, type Task } from "./task.ts";

/**
 * Decides every task of every phase.
 *
 * Pure: the same facts and the same time give the same verdicts, in preview, in update, in process, on another machine.
 * A check that throws is NO-GO with its error, never a pass.
 *
 * @param tasks tasks of phase 0, of phase 1, and so on.
 */
export function decide(tasks: readonly (readonly Task[])[], facts: GateFacts, now: Date): PhaseVerdict[] {
  refuseUnordered(tasks);
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
  if (all.length > 0 && all.every((verdict) => verdict === "GO")) return "GO";
  return all.every((verdict) => verdict === "PENDING") ? "PENDING" : "PARTIAL";
}

/** Decides one task, or one item of a task. */
export function decideTask(task: Task, facts: GateFacts, now: Date): TaskVerdict {
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
  const items = itemTasks(task);
  if (items.length > 0) return findingOfItems(items.map((item) => decideTask(item, facts, now)));
  const own = facts.evidence.filter((evidence) => evidence.task === task.id);
  if (own.length > 1) throw new Error(`${own.length} pieces of evidence for one task; keep the newest`);
  const [evidence] = own;
  if (evidence === undefined)
    return { status: "PENDING", detail: task.kind === "sign-off" ? "nobody has decided yet" : "no evidence yet" };
  const nothing = findWorthlessness(task, evidence, facts, now);
  if (nothing !== undefined) return { status: "NO-GO", detail: `${nothing}; ${mendOf(task, facts.stack)}` };
  return { status: evidence.holds ? "GO" : "NO-GO", detail: detailOf(evidence) };
}

/** A checklist: NO-GO where one item is, else PENDING where nobody decided one. */
function findingOfItems(items: readonly TaskVerdict[]): { status: TaskStatus; detail: string } {
  const count = (those: readonly TaskVerdict[]) => `${those.length} of ${items.length} items`;
  const names = (those: readonly TaskVerdict[]) => those.map(({ id }) => id).join(", ");
  const against = items.filter(({ status }) => status === "NO-GO");
  const open = items.filter(({ status }) => status === "PENDING");
  if (against.length > 0)
    return { status: "NO-GO", detail: against.map(({ id, detail }) => `${id}: ${detail}`).join("; ") };
  if (open.length > 0) return { status: "PENDING", detail: `nobody has decided ${count(open)} yet: ${names(open)}` };
  return { status: "GO", detail: `all ${items.length} items are signed` };
}

/**
 * Why a piece of evidence counts for nothing, or undefined: it is of another stack, stale, unsigned, or a measurement
 * where a person must decide and the other way round.
 */
export function findWorthlessness(task: Task, evidence: Evidence, facts: GateFacts, now: Date): string | undefined {
  if (evidence.stack !== facts.stack) return `evidence is of stack ${evidence.stack}`;
  return findStaleness(evidence, facts, now, boundsOf(task)) ?? findDeciderFault(task, evidence, facts.signers);
}

/**
 * A probe speaks of what runs by the plan unless it says otherwise, a decision of the very sources or of a record; other
 * claims may outlive both.
 */
function boundsOf(task: Task): Bounds {
  const ofPlan = "ofPlan" in task ? task.ofPlan : undefined;
  return { plan: ofPlan ?? task.kind === "probe", commit: task.kind === "sign-off" && task.record === undefined };
}

/** A decision is of a person who is admitted for the role; a measurement is nobody's word. */
function findDeciderFault(task: Task, evidence: Evidence, signers: readonly Signer[]): string | undefined {
  const { by, seal, stack, files } = evidence;
  if (task.kind !== "sign-off")
    return by === undefined ? undefined : `evidence is the word of ${by.name}, not measured`;
  if (by === undefined) return "evidence was measured, and a person must decide";
  if (task.record !== undefined && files[recordPath(stack, task.record)] === undefined)
    return `${by.name} signed no ${recordPath(stack, task.record)}`;
  if (task.owner !== "All" && by.role !== task.owner) return `${by.name} decided as ${by.role}, not as ${task.owner}`;
  const signer = signerOf({ seal }, signers);
  if (signer?.name !== by.name) return `the decision of ${by.name} is signed by ${signer?.name ?? "nobody"}`;
  if (signer.roles?.includes(by.role) !== true) return `${by.name} is not admitted to decide as ${by.role}`;
  return undefined;
}

function mendOf({ kind, id }: Task, stack: string): string {
  return kind === "sign-off"
    ? `have it decided with \`npm run platform -- evidence sign --stack ${stack} --task ${id}\``
    : `run \`npm run platform -- verify --stack ${stack} --task ${id}\``;
}

function detailOf({ by, holds, detail }: Evidence): string {
  return by === undefined ? detail : `${by.name} (${by.role}) said ${holds ? "yes" : "no"}: ${detail}`;
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

/** Two tasks of one id, or one in another's phase, would let evidence of the one decide the other. */
function refuseUnordered(tasks: readonly (readonly Task[])[]): void {
  const seen = new Set<string>();
  for (const [phase, ofPhase] of tasks.entries()) {
    for (const { id } of ofPhase) {
      if (seen.has(id)) throw new Error(`task ${id} is defined twice; ids are permanent and unique`);
      if (!id.startsWith(`${phase}.`)) throw new Error(`task ${id} is in phase ${phase}; an id begins with its phase`);
      seen.add(id);
    }
  }
}
