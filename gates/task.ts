import type { SystemSettings } from "./facts.ts";
import type { RecordKind } from "./records/record.ts";

/** Who answers for a task. */
export type Role = "Platform" | "DevOps" | "CI" | "BI architect" | "Finance SSC" | "All";

interface Claim {
  /** `<phase>.<row of the master plan>`, of an item `<task>.<item>`. Permanent: evidence and runbooks refer to it. */
  readonly id: `${number}.${number}` | `${number}.${number}.${string}`;
  readonly title: string;
  readonly owner: Role;
  /** What holds, in the present tense. */
  readonly must: string;
  /** The harm when it doesn't. */
  readonly because: string;
}

/** A file of the repository, exercised; or a fact about the running stack. Both are decided by evidence. */
export interface EvidenceTask extends Claim {
  readonly kind: "artefact" | "probe";
  /** Files that the evidence speaks of: changed since, it is stale. */
  readonly files?: readonly string[];
  /**
   * The claim is about today's plan: of another plan, its evidence is stale. @default true of a probe, false of an artefact
   */
  readonly ofPlan?: boolean;
}

/** A fact about what the components decided; needs nothing but settings. */
export interface PlanTask extends Claim {
  readonly kind: "plan";
  /** What was found instead, with the setting that mends it; undefined when the claim holds. */
  readonly findFault: (settings: SystemSettings) => string | undefined;
}

/** A decision of a person, kept as data. */
export interface SignOffTask extends Claim {
  readonly kind: "sign-off";
  /** What is decided one by one, each by its own role; the task holds when all of them do. @default none */
  readonly items?: readonly Item[];
  /** The document that is signed: the decision is bound to its content, instead of to the sources. @default none */
  readonly record?: RecordKind;
}

/** One line of a checklist. */
export interface Item {
  /** Name within its task: lower case letters, digits and hyphens. Permanent, as a task's id. */
  readonly id: string;
  readonly title: string;
  readonly owner: Role;
  /** What holds, in the present tense. */
  readonly must: string;
  /** The harm when it doesn't. */
  readonly because: string;
  /** Where a person sees whether it holds. */
  readonly look: string;
}

/** The plan's row "Run Phase N gate": GO once every other task of its phase, and every phase before, is. */
export interface GateTask extends Claim {
  readonly kind: "plan";
  readonly gate: true;
}

/** One thing that must hold before a phase is GO. */
export type Task = EvidenceTask | PlanTask | SignOffTask | GateTask;

/** The items of a task as tasks of their own, which people decide. */
export function itemTasks(task: Task): SignOffTask[] {
  if (task.kind !== "sign-off") return [];
  return (task.items ?? []).map(({ id, title, owner, must, because }) => ({
    id: `${task.id}.${id}`,
    title,
    owner,
    kind: "sign-off",
    must,
    because,
  }));
}

/** What evidence decides: a task, or each of its items where it has some. */
export function claimsOf(task: Task): readonly Task[] {
  const items = itemTasks(task);
  return items.length === 0 ? [task] : items;
}
