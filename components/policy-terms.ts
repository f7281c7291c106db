import * as pulumi from "@pulumi/pulumi";

/** A finding of the policies that somebody answers for, until a day. */
export interface PolicyException {
  /** Id of the rule, as in docs/POLICIES.md. */
  readonly rule: string;
  /** Name of the resource, as findings show it. */
  readonly resource: string;
  readonly reason: string;
  /** Last day on which it counts, `YYYY-MM-DD` in UTC. */
  readonly until: string;
}

export interface PolicyTermsArgs {
  /** What the stack is for. */
  readonly stage: string;
  /**
   * The phase that must be GO, with all before it, for the stack to be deployed.
   *
   * @default - none: the stack is deployed so that phases can become GO
   */
  readonly requirePhase?: number | undefined;
  readonly exceptions: readonly PolicyException[];
}

/** What a stack asks of its policies, as a resource: policies read what is registered and nothing else. */
export class PolicyTerms extends pulumi.ComponentResource {
  constructor(name: string, args: PolicyTermsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:policy:Terms", name, { ...args }, opts);
    this.registerOutputs({ ...args });
  }
}
