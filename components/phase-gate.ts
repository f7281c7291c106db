import * as pulumi from "@pulumi/pulumi";

import type { PhaseVerdict } from "../plan/phase.ts";

/** A phase of the master plan as a resource, so that policies see its verdict as they see everything else. */
export class PhaseGate extends pulumi.ComponentResource {
  constructor(name: string, verdict: PhaseVerdict, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:gate:Phase", name, { ...verdict }, opts);
    this.registerOutputs({ verdict: verdict.verdict, passed: verdict.passed, total: verdict.total });
  }
}
