import { type Plan, type PlannedResource, type PlanValue, SECRET_SCHEME, TYPES } from "../plan/plan.ts";

/** A resource as Pulumi hands it to a policy, once its inputs are known. */
export interface RegisteredResource {
  readonly type: string;
  readonly urn: string;
  readonly name: string;
  readonly props: { readonly [name: string]: unknown };
  readonly opts: { readonly protect: boolean; readonly parent?: string };
}

/** The same at the end, with what it depends on. */
export interface FinishedResource extends RegisteredResource {
  readonly dependencies: readonly { readonly urn: string }[];
}

/**
 * What an engine registers, as the plan that rules judge.
 *
 * At the end of a deployment Pulumi shows outputs, which providers fill and spell anew; what the program asked for is
 * shown when each resource is registered, and is kept until then. Pulumi also takes the marks off secrets: a text that
 * holds a generated password gets its mark back.
 */
export class Registered {
  private readonly inputs = new Map<string, RegisteredResource["props"]>();

  /** Keeps what a resource was registered with. */
  keep({ urn, props }: Pick<RegisteredResource, "urn" | "props">): void {
    this.inputs.set(urn, props);
  }

  /** The plan of a whole stack. */
  plan(resources: readonly FinishedResource[]): Plan {
    const secrets = generated(resources);
    const planned = resources.map((resource): PlannedResource => {
      const { urn, type, name, props, opts, dependencies } = resource;
      return {
        urn,
        type,
        name,
        ...(opts.parent === undefined ? {} : { parent: opts.parent }),
        custom: !type.startsWith("odoo-platform:") && type !== TYPES.stack,
        protect: opts.protect,
        // Pulumi does not show it to policies, and no rule reads it.
        retainOnDelete: false,
        dependencies: dependencies.map((other) => other.urn).sort(),
        inputs: marked(this.inputs.get(urn) ?? props, secrets) as PlannedResource["inputs"],
      };
    });
    const [, , stack = "", project = ""] = /^urn:(pulumi):([^:]*)::([^:]*)::/.exec(planned[0]?.urn ?? "") ?? [];
    return { project, stack, resources: planned.sort((a, b) => (a.urn < b.urn ? -1 : 1)), outputs: {} };
  }
}

/** Types of resources that are secrets, and which of their outputs is which. */
const SECRETS: { readonly [type: string]: { readonly [output: string]: string } } = {
  [TYPES.password]: { result: "" },
  [TYPES.accessKey]: { id: "-id", secret: "-secret" },
};

/** Generated passwords and access keys by value; unknown ones are nowhere yet. */
function generated(resources: readonly FinishedResource[]): ReadonlyMap<string, string> {
  return new Map(
    resources.flatMap(({ type, name, props }) =>
      Object.entries(SECRETS[type] ?? {}).flatMap(([output, suffix]) => {
        const value = plain(props, output);
        return typeof value === "string" && value !== "" ? [[value, `${SECRET_SCHEME}${name}${suffix}`] as const] : [];
      }),
    ),
  );
}

/** A value as plans hold it: unknowns as markers, texts with a generated password as secrets. */
function marked(value: unknown, secrets: ReadonlyMap<string, string>): PlanValue {
  if (typeof value === "string") {
    const held = [...secrets].find(([secret]) => value.includes(secret));
    return held === undefined ? value : { secret: value.replaceAll(held[0], held[1]) };
  }
  if (typeof value !== "object" || value === null) return (value ?? null) as PlanValue;
  const keys = Object.keys(value).filter((key) => !key.startsWith("__"));
  const parts = keys.map((key) => [key, marked(plain(value, key), secrets)] as const);
  return Array.isArray(value) ? parts.map(([, part]) => part) : Object.fromEntries(parts);
}

/** Pulumi throws where a policy reads what only a deployment can tell. */
function plain(value: object, key: string): unknown {
  try {
    return (value as { [key: string]: unknown })[key];
  } catch {
    return { unknown: true };
  }
}
