import type * as pulumi from "@pulumi/pulumi";

import type { EdgeHosts } from "../components/edge.ts";
import type { GateFacts } from "../gates/facts.ts";
import type { PhaseStatus, PhaseVerdict } from "../plan/phase.ts";

/** What a stack exports: for people, and for tools that decide GO or NO-GO. Plain, but for the secret ones. */
export interface StackOutputs {
  readonly stage: string;
  /** URL of Odoo, and of every other site that is served. */
  readonly urls: EdgeHosts;
  /** Container of each service, for logs and shells. */
  readonly containers: { readonly [service: string]: string };
  /** Password of Odoo's user `admin`. Secret. */
  readonly adminPassword: pulumi.Output<string>;
  readonly phase0: PhaseVerdict;
  readonly phase1: PhaseVerdict;
  readonly phase2: PhaseVerdict;
  readonly phase3: PhaseVerdict;
  readonly phase4: PhaseVerdict;
  readonly phase5: PhaseVerdict;
  readonly phase6: PhaseVerdict;
  readonly phase7: PhaseVerdict;
  readonly overall: PhaseStatus;
  /** What the verdicts were made from, so that they can be made again with another clock. */
  readonly gate: GateFacts;
}
