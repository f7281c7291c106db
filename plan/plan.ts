/** A value as a program registers it: JSON, with secrets and unknowns replaced by the markers below. */
export type PlanValue = null | boolean | number | string | PlanValue[] | { [key: string]: PlanValue };

/** One resource that a program registers. */
export interface PlannedResource {
  /** `<parent types>$<type>::<name>`; unique within a plan. */
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** URN of the parent; absent for the stack itself. */
  readonly parent?: string;
  /** True for a resource of a provider, false for a component. */
  readonly custom: boolean;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** URNs of the resources that must exist first: `dependsOn` and the ones that inputs refer to. Sorted. */
  readonly dependencies: readonly string[];
  /** Inputs by name. A secret is `{ secret: <value or marker> }`, a value known only after deployment `{ unknown: true }`. */
  readonly inputs: { readonly [key: string]: PlanValue };
}

/** What a program registers for one stack, as data: the ground that engines, policies and reviews stand on. */
export interface Plan {
  readonly project: string;
  readonly stack: string;
  /** Sorted by URN: registration order is not stable. */
  readonly resources: readonly PlannedResource[];
  /** Stack outputs; secrets and unknowns marked as in inputs. */
  readonly outputs: { readonly [key: string]: PlanValue };
}

/** Type tokens that plans are searched for. */
export const TYPES = {
  accessKey: "aws:iam/accessKey:AccessKey",
  container: "docker:index/container:Container",
  image: "docker:index/image:Image",
  kmsKey: "aws:kms/key:Key",
  network: "docker:index/network:Network",
  volume: "docker:index/volume:Volume",
  password: "random:index/randomPassword:RandomPassword",
  phase: "odoo-platform:gate:Phase",
  stack: "pulumi:pulumi:Stack",
  terms: "odoo-platform:policy:Terms",
} as const;

/** Marks the value of a generated secret in a plan: the plan names secrets, it never holds one. */
export const SECRET_SCHEME = "secret://";

/** What Pulumi writes, on the wire and in the outputs of a preview, for a value that only a deployment can tell. */
export const UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** All resources of a type, in plan order. */
export function resourcesOf(plan: Plan, type: string): PlannedResource[] {
  return plan.resources.filter((resource) => resource.type === type);
}

/** The resource with this URN. Throws when the plan has none: every URN in a plan comes from that plan. */
export function resourceAt(plan: Plan, urn: string): PlannedResource {
  const found = plan.resources.find((resource) => resource.urn === urn);
  if (found === undefined) throw new Error(`the plan of ${plan.stack} has no resource ${urn}`);
  return found;
}

/** True for `{ secret: … }`. */
export function isSecret(value: PlanValue | undefined): value is { secret: PlanValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && "secret" in value;
}

/** The value behind a secret marker, or the value itself. */
export function reveal(value: PlanValue | undefined): PlanValue | undefined {
  return isSecret(value) ? value.secret : value;
}

/** An input that is text, such as a name. Throws for anything else: the program decides names, so they are known. */
export function textOf({ urn, inputs }: PlannedResource, input: string): string {
  const value = reveal(inputs[input]);
  if (typeof value !== "string") throw new Error(`${urn}: ${input} is not a text`);
  return value;
}
