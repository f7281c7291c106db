import { setImmediate as nextTurn } from "node:timers/promises";

import * as pulumi from "@pulumi/pulumi";

import { type Plan, type PlannedResource, type PlanValue, SECRET_SCHEME, TYPES, UNKNOWN_VALUE } from "../plan/plan.ts";

// How Pulumi marks a secret on the wire (sdk/nodejs/runtime/rpc.ts).
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** What to evaluate. */
export interface EvaluateArgs {
  readonly program: () => unknown;
  readonly project: string;
  readonly stack: string;
  /** Configuration as Pulumi hands it to a program: `<project>:<key>` to string, JSON for structured values. */
  readonly config?: { readonly [key: string]: string };
  /** Evaluate as `pulumi preview` does: what only a deployment can tell is unknown. @default false */
  readonly preview?: boolean;
}

let running = false;

/**
 * Runs a whole program in this process and returns what it registers: no CLI, plugins, credentials or network.
 *
 * Proves what the program asks for; not what a provider accepts, defaults or replaces. The SDK's state is global, so
 * one evaluation runs at a time; a second call while one runs is refused.
 */
export async function evaluate({ program, project, stack, config = {}, preview = false }: EvaluateArgs): Promise<Plan> {
  if (running) throw new Error("a program is being evaluated in this process already; await it first");
  running = true;
  const resources: PlannedResource[] = [];
  let outputs: Record<string, PlanValue> = {};
  const failures: unknown[] = [];
  let asked = 0;
  let answered = 0;
  // The SDK takes a trace of every value that it tracks: a fifth of the time. One frame still says where a program threw.
  const traced = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  try {
    await pulumi.runtime.setMocks(mocks(preview, failures), project, stack, preview);
    pulumi.runtime.setAllConfig({ ...config });
    const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
    monitor.newUrn = (parent, type, name) => urnOf({ project, stack }, parent, type, name);
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, callback) => {
      asked++;
      register(request, (error, response) => {
        answered++;
        if (error === null && response !== undefined) resources.push(planned(request, response.getUrn()));
        callback(error, response);
      });
    };
    const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
    monitor.registerResourceOutputs = (request, callback) => {
      if (request.getUrn().includes(`${TYPES.stack}::`)) outputs = plain(request.getOutputs()?.toJavaScript() ?? {});
      registerOutputs(request, callback);
    };
    // A program that throws inside a stack leaves rejected promises behind; keep its first error and let it end.
    await pulumi.runtime.runInPulumiStack(async () => {
      try {
        return (await program()) as Record<string, unknown>;
      } catch (error) {
        failures.push(error);
        return {};
      }
    });
    // What is made in an `apply` is asked for only after what it waited for was answered.
    for (let seen = -1; seen !== asked || answered < asked;) {
      seen = asked;
      await nextTurn();
    }
  } finally {
    await pulumi.runtime.disconnect();
    Error.stackTraceLimit = traced;
    running = false;
  }
  if (failures.length > 0) throw failures[0];
  refuseDuplicates(resources);
  return { project, stack, resources: resources.sort((a, b) => (a.urn < b.urn ? -1 : 1)), outputs };
}

/** Answers as a provider would for the few computed values that the program reads. */
function mocks(preview: boolean, failures: unknown[]): pulumi.runtime.Mocks {
  return {
    newResource: ({ type, name, custom, inputs }) => {
      const state = { ...(inputs as Record<string, unknown>) };
      if (!preview && type === TYPES.password) state["result"] = `${SECRET_SCHEME}${name}`;
      if (!preview && type === TYPES.container) state["exitCode"] = 0;
      if (!preview && type === TYPES.kmsKey) state["arn"] = `arn:aws:kms:${String(state["region"])}:key/${name}`;
      if (!preview && type === TYPES.accessKey) {
        state["secret"] = `${SECRET_SCHEME}${name}-secret`;
        return { id: `${SECRET_SCHEME}${name}-id`, state };
      }
      return { id: custom ? `${name}-id` : undefined, state };
    },
    // Thrown here, it would surface as rejections of everything that waits for the answer.
    call: ({ token }) => {
      failures.push(new Error(`the program calls ${token}, which needs a provider: a plan must not`));
      return {};
    },
  };
}

/** The URN that Pulumi's engine gives: with the types of all ancestors but the stack. The SDK's mocks keep one only. */
function urnOf(
  { project, stack }: Pick<Plan, "project" | "stack">,
  parent: string,
  type: string,
  name: string,
): string {
  const ancestors = parent.split("::")[2];
  const qualified = ancestors === undefined || ancestors === TYPES.stack ? type : `${ancestors}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

function planned(request: RegisterRequest, urn: string): PlannedResource {
  const parent = request.getParent();
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    ...(parent === "" ? {} : { parent }),
    custom: request.getCustom(),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    dependencies: [...request.getDependenciesList()].sort(),
    inputs: plain(request.getObject()?.toJavaScript() ?? {}),
  };
}

/** Wire values to plan values: secrets and unknowns become markers, asset objects stay as they are. */
function plain(wire: Record<string, unknown>): Record<string, PlanValue> {
  const convert = (value: unknown): PlanValue => {
    if (value === UNKNOWN_VALUE) return { unknown: true };
    if (Array.isArray(value)) return value.map(convert);
    if (typeof value === "object" && value !== null) {
      const record = value as Record<string, unknown>;
      if (record[SIGNATURE] === SECRET_SIGNATURE) return { secret: convert(record["value"]) };
      return Object.fromEntries(Object.entries(record).map(([key, inner]) => [key, convert(inner)]));
    }
    return value as PlanValue;
  };
  return convert(wire) as Record<string, PlanValue>;
}

/** Mocks accept two resources of one name; the engine does not. */
function refuseDuplicates(resources: readonly PlannedResource[]): void {
  const seen = new Set<string>();
  for (const { urn } of resources) {
    if (seen.has(urn)) throw new Error(`the program registers ${urn} twice; give each resource a name of its own`);
    seen.add(urn);
  }
}

type Callback<T> = (error: unknown, response?: T) => void;
interface Struct {
  toJavaScript(): Record<string, unknown>;
}
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getCustom(): boolean;
  getProtect(): boolean | undefined;
  getRetainondelete(): boolean | undefined;
  getDependenciesList(): string[];
  getObject(): Struct | undefined;
}
interface OutputsRequest {
  getUrn(): string;
  getOutputs(): Struct | undefined;
}
interface Monitor {
  newUrn: (parent: string, type: string, name: string) => string;
  registerResource(request: RegisterRequest, callback: Callback<{ getUrn(): string }>): void;
  registerResourceOutputs(request: OutputsRequest, callback: Callback<unknown>): void;
}
