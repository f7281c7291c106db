import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

import { type Plan, type PlannedResource, type PlanValue, SECRET_SCHEME, TYPES } from "../../plan/plan.ts";
import { ROOT } from "./plans.ts";

// Generated code without types of its own; what is used of it is written down below.
const require = createRequire(join(ROOT, "package.json"));
const sdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc = sdk("@grpc/grpc-js") as Grpc;
const struct = sdk("google-protobuf/google/protobuf/struct_pb.js") as {
  Struct: { fromJavaScript(value: object): object };
};
const empty = sdk("google-protobuf/google/protobuf/empty_pb.js") as { Empty: new () => object };
const messages = sdk("@pulumi/pulumi/proto/analyzer_pb.js") as { [name: string]: new () => Message };
const services = sdk("@pulumi/pulumi/proto/analyzer_grpc_pb.js") as {
  AnalyzerClient: new (...args: unknown[]) => Client;
};

/** What Pulumi would print of a policy. */
export interface Diagnostic {
  readonly policy: string;
  readonly level: "mandatory" | "advisory";
  readonly urn: string;
  readonly message: string;
}

/** A policy pack that runs as Pulumi runs it. */
export interface Pack {
  /** Policies by name, with their levels. */
  readonly policies: () => Promise<{ readonly [name: string]: string }>;
  /** Registers what is new or changed since the last plan, then judges the whole: as a preview or an update does. */
  readonly judge: (plan: Plan) => Promise<Diagnostic[]>;
  readonly stop: () => void;
}

/** Loads a policy pack with Pulumi's own loader, which prints the port that its server listens on. */
export async function loadPack(folder: string): Promise<Pack> {
  const loader = join(ROOT, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
  const child = spawn(process.execPath, [loader, "127.0.0.1:1", folder], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
    child.once("close", (code) => reject(new Error(`the pack ended with ${String(code)}: ${said.join("")}`)));
  });
  const client = new services.AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  const call = <K extends keyof Client>(method: K, request: object) =>
    new Promise<Answer>((resolve, reject) => {
      client[method](request, (error, answer) => (error === null ? resolve(answer) : reject(error)));
    });

  const registered = new Map<string, string>();
  return {
    policies: async () => {
      const info = await call("getAnalyzerInfo", new empty.Empty());
      return Object.fromEntries(
        info.getPoliciesList().map((policy) => [policy.getName(), LEVELS[policy.getEnforcementlevel()] ?? "?"]),
      );
    },
    judge: async (plan) => {
      for (const resource of plan.resources) {
        const inputs = JSON.stringify(resource.inputs);
        if (registered.get(resource.urn) === inputs) continue;
        registered.set(resource.urn, inputs);
        await call("analyze", message("AnalyzeRequest", basics(resource, resource.inputs)));
      }
      const whole = message("AnalyzeStackRequest", {
        ResourcesList: plan.resources.map((resource) =>
          message("AnalyzerResource", {
            ...basics(resource, finished(resource)),
            DependenciesList: resource.dependencies,
            ...(resource.parent === undefined ? {} : { Parent: resource.parent }),
          }),
        ),
      });
      const answer = await call("analyzeStack", whole);
      return answer.getDiagnosticsList().map((one) => ({
        policy: one.getPolicyname(),
        level: LEVELS[one.getEnforcementlevel()] ?? "advisory",
        urn: one.getUrn(),
        message: one.getMessage(),
      }));
    },
    stop: () => {
      client.close();
      child.kill();
    },
  };
}

const LEVELS: readonly ("advisory" | "mandatory")[] = ["advisory", "mandatory"];

function basics({ type, name, urn, protect, parent }: PlannedResource, inputs: { readonly [name: string]: PlanValue }) {
  return {
    Type: type,
    Name: name,
    Urn: urn,
    Properties: struct.Struct.fromJavaScript(wired(inputs) as object),
    Options: message("AnalyzerResourceOptions", {
      Protect: protect,
      ...(parent === undefined ? {} : { Parent: parent }),
    }),
  };
}

/** What a provider makes of inputs: more than was asked for, spelled its own way. No rule may depend on it. */
function finished({ type, name, inputs }: PlannedResource): PlannedResource["inputs"] {
  if (type === TYPES.password) return { ...inputs, result: { secret: `${SECRET_SCHEME}${name}` } };
  if (type === TYPES.accessKey)
    return { ...inputs, id: `${SECRET_SCHEME}${name}-id`, secret: { secret: `${SECRET_SCHEME}${name}-secret` } };
  if (type === TYPES.container)
    return { id: name, image: `sha256:${"0".repeat(64)}`, privileged: false, networkDatas: [] };
  return type.startsWith("odoo-platform:") ? {} : { ...inputs, id: name };
}

/** Plan values as they go over the wire. */
function wired(value: PlanValue | undefined): unknown {
  if (Array.isArray(value)) return value.map(wired);
  if (typeof value !== "object" || value === null) return value;
  if (value["unknown"] === true) return "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  // An access key has an output of that name among others.
  if ("secret" in value && Object.keys(value).length === 1)
    return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: wired(value["secret"]) };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, wired(inner)]));
}

type Message = { [method: `set${string}`]: (value: unknown) => void };
interface Answer {
  getDiagnosticsList(): {
    getPolicyname(): string;
    getUrn(): string;
    getMessage(): string;
    getEnforcementlevel(): number;
  }[];
  getPoliciesList(): { getName(): string; getEnforcementlevel(): number }[];
}
type Method = (request: object, done: (error: Error | null, answer: Answer) => void) => void;
interface Client {
  readonly analyze: Method;
  readonly analyzeStack: Method;
  readonly getAnalyzerInfo: Method;
  close(): void;
}
interface Grpc {
  readonly credentials: { createInsecure(): unknown };
}

function message(name: string, fields: { [field: string]: unknown }): object {
  const Kind = messages[name];
  if (Kind === undefined) throw new Error(`the SDK has no message ${name}`);
  const made = new Kind();
  for (const [field, value] of Object.entries(fields)) {
    const set = made[`set${field}`];
    if (set === undefined) throw new Error(`${name} has no field ${field}`);
    set.call(made, value);
  }
  return made;
}
