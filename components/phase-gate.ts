import * as pulumi from "@pulumi/pulumi";

import type { PhaseVerdict } from "../plan/phase.ts";

/** A phase of the master plan as a resource, so that policies see its verdict as they see everything else. */
export class PhaseGate extends pulumi.ComponentResource {
  constructor(name: string, verdict: PhaseVerdict, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:gate:Phase", name, { ...verdict }, opts);
    // All of it again: some of what judges a stack is shown outputs alone.
    this.registerOutputs({ ...verdict });
  }
}
