import type { ContainerInspectInfo } from "dockerode";

import { SECRETS_PATH } from "../components/secret-files.ts";
import { type PlannedResource, textOf } from "../plan/plan.ts";
import type { Inspected } from "./inspect.ts";

const MIB = 1024 * 1024;

/** How a container differs from its plan, a sentence each. Empty when it is what was planned, and works. */
export function findDrift(planned: PlannedResource, { container, image }: Inspected): string[] {
  const { inputs } = planned;
  if (container === undefined) return ["is not there"];
  const { HostConfig: host, Config: config } = container;
  const ref = textOf(planned, "image");
  if (image === undefined) return [`its image ${ref} is not there`];
  return [
    ...stateFaults(container, inputs["mustRun"] === false),
    ...(container.Image === image.Id ? [] : [runsFrom(container, ref)]),
    ...differs("user", config.User, inputs["user"]),
    ...differs("command", config.Cmd, inputs["command"]),
    ...environmentFaults(config.Env ?? [], image.Config.Env ?? [], inputs["envs"] as string[]),
    ...differs("memory limit", host.Memory, Number(inputs["memory"]) * MIB),
    ...differs("memory and swap limit", host.MemorySwap, Number(inputs["memorySwap"]) * MIB),
    ...differs("cpu limit", cpusOf(host), Number(inputs["cpus"])),
    ...differs("read-only root", host.ReadonlyRootfs ?? false, inputs["readOnly"]),
    ...differs("privileged", host.Privileged ?? false, false),
    ...differs("dropped capabilities", sorted(host.CapDrop), sorted(capabilities(inputs)["drops"])),
    ...differs("added capabilities", sorted(host.CapAdd).map(bare), sorted(capabilities(inputs)["adds"]).map(bare)),
    ...differs("security options", sorted(host.SecurityOpt as string[] | undefined), sorted(inputs["securityOpts"])),
    ...differs("writable memory", host.Tmpfs ?? {}, inputs["tmpfs"] ?? {}),
    ...differs("restart policy", host.RestartPolicy?.Name, inputs["restart"]),
    ...differs(
      "health check",
      config.Healthcheck?.Test,
      (inputs["healthcheck"] as { tests: string[] } | undefined)?.tests,
    ),
    ...differs("log driver", host.LogConfig?.Type, inputs["logDriver"]),
    ...differs("log rotation", host.LogConfig?.Config ?? {}, inputs["logOpts"]),
    ...differs("name servers", (host.Dns ?? []) as string[], inputs["dns"] ?? []),
    ...differs("networks", Object.keys(container.NetworkSettings.Networks).sort(), plannedNetworks(inputs)),
    ...differs("published ports", publishedPorts(container), plannedPorts(inputs)),
    ...mountFaults(
      container,
      Object.keys(image.Config.Volumes ?? {}),
      (inputs["volumes"] ?? []) as unknown as PlannedMount[],
    ),
  ];
}

/** A tag may have moved to another image since, so the image's own name is told too. */
function runsFrom({ Image: id, Config: { Image: tag } }: ContainerInspectInfo, ref: string): string {
  return tag === ref ? `runs from ${id.slice(0, 19)}, which ${ref} no longer is` : `runs from ${tag}, planned ${ref}`;
}

function stateFaults({ State: state }: ContainerInspectInfo, job: boolean): string[] {
  if (job) {
    if (state.Status !== "exited") return [`is a job that is ${state.Status}`];
    return state.ExitCode === 0 ? [] : [`is a job that ended with exit code ${state.ExitCode}`];
  }
  if (state.Status !== "running") return [`is ${state.Status}`];
  const health = state.Health?.Status ?? "without a health check";
  return health === "healthy" ? [] : [`is ${health}`];
}

function environmentFaults(found: readonly string[], ofImage: readonly string[], planned: readonly string[]): string[] {
  const names = new Set(planned.map(nameOf));
  const inherited = new Set(ofImage.filter((variable) => !names.has(nameOf(variable))));
  const missing = planned.filter((variable) => !found.includes(variable)).map(nameOf);
  const added = found
    .filter(
      (variable) => !planned.includes(variable) && !inherited.has(variable) && !missing.includes(nameOf(variable)),
    )
    .map(nameOf);
  return [
    ...(missing.length === 0 ? [] : [`environment differs in ${missing.join(", ")}`]),
    ...(added.length === 0 ? [] : [`environment has ${added.join(", ")}, which is not planned`]),
  ];
}

interface PlannedMount {
  readonly volumeName: string;
  readonly containerPath: string;
  readonly readOnly?: boolean;
}

/**
 * Secrets come as files below one folder: in a volume with Pulumi, each mounted with Compose; they are compared as one.
 * An image may ask for volumes too; the Engine makes empty ones without a name.
 */
function mountFaults(
  { Mounts: mounts }: ContainerInspectInfo,
  ofImage: readonly string[],
  planned: readonly PlannedMount[],
): string[] {
  const describe = (name: string, path: string, readOnly: boolean): string => {
    const what = path === SECRETS_PATH || path.startsWith(`${SECRETS_PATH}/`) ? "secrets" : `${name} at ${path}`;
    return readOnly ? `${what} (read-only)` : what;
  };
  const expected = planned.map(({ volumeName, containerPath, readOnly = false }) =>
    describe(volumeName, containerPath, readOnly),
  );
  const found = mounts
    .filter(({ Destination: path, Name: name = "" }) => !(ofImage.includes(path) && /^[0-9a-f]{64}$/.test(name)))
    .map(({ Name: name, Source: source, Destination: path, RW: writable }) =>
      describe(name ?? source, path, !writable),
    );
  return differs("mounts", [...new Set(found)].sort(), [...new Set(expected)].sort());
}

function publishedPorts({ HostConfig: { PortBindings: bindings } }: ContainerInspectInfo): string[] {
  return Object.entries((bindings ?? {}) as Record<string, { HostIp: string; HostPort: string }[] | null>)
    .flatMap(([inside, outside]) =>
      (outside ?? []).map(({ HostIp: address, HostPort: port }) => `${address}:${port}→${inside}`),
    )
    .sort();
}

function plannedPorts(inputs: PlannedResource["inputs"]): string[] {
  const ports = (inputs["ports"] ?? []) as unknown as { internal: number; external: number; ip: string }[];
  return ports.map(({ internal, external, ip }) => `${ip}:${external}→${internal}/tcp`).sort();
}

function plannedNetworks(inputs: PlannedResource["inputs"]): string[] {
  const networks = (inputs["networksAdvanced"] ?? []) as unknown as { name: string }[];
  return networks.length === 0 ? ["none"] : networks.map(({ name }) => name).sort();
}

function cpusOf({ NanoCpus: nano, CpuQuota: quota, CpuPeriod: period }: ContainerInspectInfo["HostConfig"]): number {
  if (nano !== undefined && nano > 0) return nano / 1e9;
  return quota !== undefined && quota > 0 ? quota / (period === undefined || period === 0 ? 100_000 : period) : 0;
}

function capabilities(inputs: PlannedResource["inputs"]): { [key in "drops" | "adds"]: string[] } {
  return inputs["capabilities"] as { drops: string[]; adds: string[] };
}

function differs(what: string, found: unknown, planned: unknown): string[] {
  const [a, b] = [JSON.stringify(found ?? null), JSON.stringify(planned ?? null)];
  return a === b ? [] : [`${what} is ${a}, planned ${b}`];
}

function sorted(values: unknown): string[] {
  return [...((values ?? []) as string[])].sort();
}

function bare(capability: string): string {
  return capability.replace(/^CAP_/, "");
}

function nameOf(variable: string): string {
  return variable.slice(0, variable.indexOf("="));
}
