import type { SystemSettings } from "./facts.ts";

/** Who answers for a task. */
export type Role = "Platform" | "DevOps" | "CI" | "BI architect" | "Finance SSC" | "All";

interface Claim {
  /** `<phase>.<row of the master plan>`. Permanent: outputs, evidence and runbooks refer to it. */
  readonly id: `${number}.${number}`;
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
  /** The claim is about today's plan, as every probe's is: of another plan, its evidence is stale. @default false */
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
}

/** The plan's row "Run Phase N gate": GO once every other task of its phase, and every phase before, is. */
export interface GateTask extends Claim {
  readonly kind: "plan";
  readonly gate: true;
}

/** One thing that must hold before a phase is GO. */
export type Task = EvidenceTask | PlanTask | SignOffTask | GateTask;
