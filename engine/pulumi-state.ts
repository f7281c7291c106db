import { TYPES } from "../plan/plan.ts";

/** A resource as the backend remembers it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  /** Of a container: Docker's own. */
  readonly id?: string;
  readonly outputs?: { readonly [name: string]: unknown };
}

/** Resources in an exported state. */
export function resourcesIn(exported: unknown): readonly StateResource[] {
  const { deployment } = exported as { deployment?: { resources?: readonly StateResource[] } };
  return deployment?.resources ?? [];
}

/** Docker's ids of the containers and networks that a state knows. */
export function idsIn(exported: unknown): ReadonlySet<string> {
  return new Set(resourcesIn(exported).flatMap(({ type, id }) => (runs(type) && id !== undefined ? [id] : [])));
}

/** URNs of what runs: removing these leaves data, passwords and images. */
export function runningIn(exported: unknown): string[] {
  return resourcesIn(exported)
    .filter(({ type }) => runs(type))
    .map(({ urn }) => urn);
}

/** Value of a generated secret in a state that was exported with secrets, or undefined where there is none. */
export function secretIn(exported: unknown, name: string): string | undefined {
  const password = resourcesIn(exported).find(({ type, urn }) => type === TYPES.password && urn.endsWith(`::${name}`));
  const result = password?.outputs?.["result"];
  if (typeof result === "string") return result;
  // How the CLI writes a secret that it was asked to show: the JSON of the value, beside a mark.
  const { plaintext } = (result ?? {}) as { plaintext?: string };
  return plaintext === undefined ? undefined : (JSON.parse(plaintext) as string);
}

function runs(type: string): boolean {
  return type === TYPES.container || type === TYPES.network;
}
