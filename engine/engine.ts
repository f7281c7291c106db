import type { Plan } from "../plan/plan.ts";

/** Says a line of progress to whoever watches. */
export type Say = (line: string) => void;

/** What an engine changed; empty when everything was as planned. */
export interface Changes {
  readonly services: readonly string[];
}

/** Brings a plan about. There are two: Pulumi's, and Docker Compose's. Both are given the same plan. */
export interface Engine {
  readonly name: "pulumi" | "compose";
  /** Which program does the work. */
  readonly description: string;
  /** Makes what runs equal to the plan. @throws Fault naming what failed. */
  readonly up: (plan: Plan, say: Say) => Promise<Changes>;
  /** Makes these services anew, though their definition is unchanged: what runs in them was altered. */
  readonly replace: (plan: Plan, services: readonly string[], say: Say) => Promise<void>;
  /** Removes containers and networks; volumes and what is in them only where told. */
  readonly down: (plan: Plan, args: { readonly volumes: boolean }, say: Say) => Promise<void>;
  /** Where a person finds a generated secret. */
  readonly whereIs: (secret: string) => string;
  /** The value of a generated secret, for the operator's own commands. */
  readonly secret: (name: string) => Promise<string>;
  /** Outputs of the last `up`, with secrets masked as `[secret]` unless asked for; absent where the plan's are all. */
  readonly outputs?: (showSecrets: boolean) => Promise<Record<string, unknown>>;
}
