/** The phases of the master plan, in order. */
export const PHASES = [
  "Platform Readiness",
  "Infrastructure Baseline",
  "Database Initialization",
  "CE + OCA Parity",
  "Odoo.sh Operational Parity",
  "Enterprise Extras",
  "Production Launch",
  "Operate & Learn",
] as const;

/** GO: holds. NO-GO: ran and fell short, or its evidence is stale. PENDING: no evidence yet. */
export type TaskStatus = "GO" | "NO-GO" | "PENDING";

/** As for a task; PARTIAL: some tasks hold, none fails. */
export type PhaseStatus = TaskStatus | "PARTIAL";

/** The verdict on one task. */
export interface TaskVerdict {
  readonly id: string;
  readonly title: string;
  readonly owner: string;
  readonly kind: "artefact" | "plan" | "probe" | "sign-off";
  readonly status: TaskStatus;
  /** What was found, or what is missing; with the command that mends it. */
  readonly detail: string;
}

/** The verdict on one phase. */
export interface PhaseVerdict {
  /** 0 to 7. */
  readonly phase: number;
  readonly title: string;
  readonly verdict: PhaseStatus;
  /** Tasks that are GO. */
  readonly passed: number;
  readonly total: number;
  readonly tasks: readonly TaskVerdict[];
}
