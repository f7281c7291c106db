import type { Plan, PlannedResource, PlanValue } from "../../plan/plan.ts";
import { TYPES } from "../../plan/plan.ts";

/** A plan made otherwise. */
export type Change = (plan: Plan) => Plan;

export const UNKNOWN: PlanValue = { unknown: true };

/** All of these, one after the other. */
export function all(...changes: readonly Change[]): Change {
  return (plan) => changes.reduce((changed, change) => change(changed), plan);
}

/** Sets an input by its way, such as `capabilities.drops` or `ports.0.ip`; undefined takes it away. */
export function set(name: string, type: string, way: string, value: PlanValue | undefined): Change {
  return change(name, type, (resource) => ({
    ...resource,
    inputs: placed(resource.inputs, way.split("."), value) as PlannedResource["inputs"],
  }));
}

/** Sets an input of a container. */
export function on(name: string, way: string, value: PlanValue | undefined): Change {
  return set(name, TYPES.container, way, value);
}

/** Sets a variable in a container's environment; undefined takes it away. */
export function env(container: string, variable: string, value: string | undefined): Change {
  return change(container, TYPES.container, (resource) => {
    const lines = (resource.inputs["envs"] as string[]).filter((line) => !line.startsWith(`${variable}=`));
    const envs = value === undefined ? lines : [...lines, `${variable}=${value}`];
    return { ...resource, inputs: { ...resource.inputs, envs } };
  });
}

/** Adds words to a container's command. */
export function words(container: string, ...more: readonly string[]): Change {
  return change(container, TYPES.container, (resource) => {
    const command = [...(resource.inputs["command"] as string[]), ...more];
    return { ...resource, inputs: { ...resource.inputs, command } };
  });
}

/** Replaces words of a container's command. */
export function word(container: string, old: string, replacement: string): Change {
  return change(container, TYPES.container, (resource) => {
    const command = (resource.inputs["command"] as string[]).map((one) => (one === old ? replacement : one));
    if (!command.includes(replacement)) throw new Error(`${container} has no word ${old}`);
    return { ...resource, inputs: { ...resource.inputs, command } };
  });
}

/** Takes a resource away. */
export function without(name: string, type: string): Change {
  return (plan) => {
    const resources = plan.resources.filter((one) => one.name !== name || one.type !== type);
    if (resources.length === plan.resources.length) throw new Error(`the plan has no ${type} ${name}`);
    return { ...plan, resources };
  };
}

/** Adds a resource. */
export function plus(
  type: string,
  name: string,
  inputs: PlannedResource["inputs"],
  changes: Partial<PlannedResource> = {},
): Change {
  return (plan) => {
    const resource: PlannedResource = {
      urn: `urn:pulumi:${plan.stack}::${plan.project}::${type}::${name}`,
      type,
      name,
      custom: true,
      protect: false,
      retainOnDelete: false,
      dependencies: [],
      inputs,
      ...changes,
    };
    return { ...plan, resources: [...plan.resources, resource].sort((a, b) => (a.urn < b.urn ? -1 : 1)) };
  };
}

/** Changes what a resource is. */
export function change(name: string, type: string, how: (resource: PlannedResource) => PlannedResource): Change {
  return (plan) => {
    let found = 0;
    const resources = plan.resources.map((one) => (one.name === name && one.type === type ? (found++, how(one)) : one));
    if (found !== 1) throw new Error(`the plan has ${found} of ${type} ${name}`);
    return { ...plan, resources };
  };
}

function placed(
  value: PlanValue | undefined,
  [first, ...rest]: readonly string[],
  put: PlanValue | undefined,
): PlanValue {
  if (first === undefined) return put ?? null;
  const list = Array.isArray(value) || (value === undefined && /^\d+$/.test(first));
  const record = (value ?? {}) as { [key: string]: PlanValue };
  const inner = rest.length === 0 ? put : placed(record[first], rest, put);
  const changed = Object.fromEntries(
    Object.entries({ ...record, [first]: inner }).filter(
      (entry): entry is [string, PlanValue] => entry[1] !== undefined,
    ),
  );
  return list ? Object.values(changed) : changed;
}
