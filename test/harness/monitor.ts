import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

import { TYPES } from "../../plan/plan.ts";
import { PROJECT, ROOT } from "./plans.ts";

// Generated code without types of its own; what is used of it is written down below.
const require = createRequire(join(ROOT, "package.json"));
const sdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc = sdk("@grpc/grpc-js") as Grpc;
const empty = sdk("google-protobuf/google/protobuf/empty_pb.js") as { Empty: new () => object };
const struct = sdk("google-protobuf/google/protobuf/struct_pb.js") as {
  Struct: { fromJavaScript(value: object): object };
};
const resourceServices = sdk("@pulumi/pulumi/proto/resource_grpc_pb.js") as { ResourceMonitorService: object };
const resources = sdk("@pulumi/pulumi/proto/resource_pb.js") as { [message: string]: new () => Message };
const engineServices = sdk("@pulumi/pulumi/proto/engine_grpc_pb.js") as { EngineService: object };
const engines = sdk("@pulumi/pulumi/proto/engine_pb.js") as { [message: string]: new () => Message };

/** What the real entry did. */
export interface Run {
  /** `<type> <name>`, sorted. */
  readonly registered: readonly string[];
  /** Outputs of the stack, as they go over the wire. */
  readonly outputs: { readonly [name: string]: unknown };
  /** Exit code: 0 done, 32 refused with an explanation, 1 broken. */
  readonly exitCode: number | null;
  /** What the SDK told the engine, and what was printed. */
  readonly said: string;
}

export interface RunArgs {
  readonly stack: string;
  readonly config: { readonly [key: string]: string };
}

/**
 * Runs the project as `pulumi up` would: Pulumi's own loader, with the options of Pulumi.yaml, in front of a small engine
 * that takes everything as it comes.
 */
export async function runEntry({ stack, config }: RunArgs): Promise<Run> {
  const registered: string[] = [];
  let outputs: { [name: string]: unknown } = {};
  const said: string[] = [];
  const supported = ["secrets", "resourceReferences", "aliasSpecs", "deletedWith", "outputValues"];

  const server = new grpc.Server();
  server.addService(resourceServices.ResourceMonitorService, {
    supportsFeature: answer((request) =>
      message(resources, "SupportsFeatureResponse", { Hassupport: supported.includes(request.getId()) }),
    ),
    registerResource: answer((request) => {
      const [type, name, parent] = [request.getType(), request.getName(), request.getParent()];
      registered.push(`${type} ${name}`);
      const ancestors = parent.split("::")[2];
      const qualified = ancestors === undefined || ancestors === TYPES.stack ? type : `${ancestors}$${type}`;
      const computed =
        type === TYPES.container ? { exitCode: 0 } : type === TYPES.password ? { result: "generated" } : {};
      return message(resources, "RegisterResourceResponse", {
        Urn: `urn:pulumi:${stack}::${PROJECT}::${qualified}::${name}`,
        Id: `${name}-id`,
        Object: struct.Struct.fromJavaScript({ ...request.getObject()?.toJavaScript(), ...computed }),
      });
    }),
    registerResourceOutputs: answer((request) => {
      if (request.getUrn().includes(`${TYPES.stack}::`)) outputs = request.getOutputs()?.toJavaScript() ?? {};
      return new empty.Empty();
    }),
    signalAndWaitForShutdown: answer(() => new empty.Empty()),
  });
  server.addService(engineServices.EngineService, {
    log: answer((request) => {
      // 0 is for those who debug the SDK, 1 tells what goes on.
      if (request.getSeverity() > 1) said.push(request.getMessage());
      return new empty.Empty();
    }),
    setRootResource: answer(() => message(engines, "SetRootResourceResponse", {})),
    getRootResource: answer(() => message(engines, "GetRootResourceResponse", {})),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });

  const address = `127.0.0.1:${port}`;
  const flags = [
    `--monitor=${address}`,
    `--engine=${address}`,
    `--project=${PROJECT}`,
    `--stack=${stack}`,
    `--pwd=${ROOT}`,
  ];
  const runner = join(ROOT, "node_modules/@pulumi/pulumi/cmd/run");
  const child = spawn(process.execPath, ["--import", "tsx", runner, ...flags, "--parallel=4", "."], {
    cwd: ROOT,
    env: {
      ...process.env,
      NODE_OPTIONS: "",
      PULUMI_CONFIG: JSON.stringify(config),
      PULUMI_CONFIG_SECRET_KEYS: "[]",
      PULUMI_NODEJS_TYPESCRIPT: "true",
    },
  });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve));
  server.forceShutdown();
  return { registered: registered.sort(), outputs, exitCode, said: said.join("") };
}

/** What is read of requests; each has some of these. */
interface Request {
  getId(): string;
  getType(): string;
  getName(): string;
  getParent(): string;
  getUrn(): string;
  getObject(): Struct | undefined;
  getOutputs(): Struct | undefined;
  getSeverity(): number;
  getMessage(): string;
}
interface Struct {
  toJavaScript(): { [key: string]: unknown };
}
type Message = { [method: `set${string}`]: (value: unknown) => void };
type Callback = (error: null, response: object) => void;
interface Grpc {
  readonly Server: new () => {
    addService(service: object, methods: object): void;
    bindAsync(address: string, credentials: unknown, done: (error: Error | null, port: number) => void): void;
    forceShutdown(): void;
  };
  readonly ServerCredentials: { createInsecure(): unknown };
}

function answer(respond: (request: Request) => object) {
  return ({ request }: { request: Request }, callback: Callback) => callback(null, respond(request));
}

function message(
  messages: { [name: string]: new () => Message },
  name: string,
  fields: { [field: string]: unknown },
): object {
  const Kind = messages[name];
  if (Kind === undefined) throw new Error(`the SDK has no message ${name}`);
  const made = new Kind();
  for (const [field, value] of Object.entries(fields)) made[`set${field}`]?.(value);
  return made;
}
