import { lookup } from "node:dns/promises";
import { existsSync, readFileSync, statSync } from "node:fs";
import { readdir, statfs } from "node:fs/promises";
import { homedir } from "node:os";
import { join, relative } from "node:path";

import type Docker from "dockerode";
import { x } from "tinyexec";

import { type Plan, resourcesOf, TYPES } from "../plan/plan.ts";
import { readConfig } from "../stacks/config.ts";
import { imageSources } from "../stacks/image-sources.ts";
import type { Inputs } from "../stacks/inputs.ts";
import { madeWith } from "./choose.ts";
import { prefixOf, serviceOf, servicesOf } from "./docker.ts";
import { hasProgram, isDebian, isRoot } from "./docker-engine.ts";
import type { ComposeFacts, ImageSourceFacts, PulumiFacts } from "./doctor.ts";
import type { NameFacts, RoomFacts, SecretsFacts } from "./doctor-stack.ts";
import { messageOf } from "./fault.ts";
import { hasImage } from "./image-build.ts";
import { hostBundle } from "./image-source.ts";
import { findBusyPorts } from "./ports.ts";
import { findPulumi } from "./pulumi-cli.ts";
import { secretsFolder } from "./secrets.ts";

/** Longest that a registry is waited for. */
const REGISTRY_TIMEOUT_MS = 10_000;
const MIB = 1024 ** 2;

/** `engines.node` of the project. */
export function nodeRange(root: string): string {
  return (packageJson(root) as { engines: { node: string } }).engines.node;
}

/** Versions of the Docker Composes that this machine has; nothing is built for want of one. */
export async function lookAtCompose(): Promise<ComposeFacts> {
  const [plugin, standalone] = await Promise.all([versionOf("docker", "compose"), versionOf("docker-compose")]);
  return { plugin, standalone };
}

async function versionOf(program: string, ...args: readonly string[]): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await x(program, [...args, "version", "--short"]);
    return exitCode === 0 ? stdout.trim().replace(/^v/, "") : undefined;
  } catch {
    return undefined;
  }
}

/** The Pulumi CLI, and those of the program's plugins that are there. */
export async function lookAtPulumi(root: string, stack: string): Promise<PulumiFacts> {
  const { dependencies } = packageJson(root) as { dependencies: { [name: string]: string } };
  const wanted = ["docker", "random"].map((name) => `${name}-v${dependencies[`@pulumi/${name}`] ?? ""}`);
  const plugins = join(process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi"), "plugins");
  const [cli, found] = await Promise.all([findPulumi(), readdir(plugins).catch(() => [])]);
  const present = wanted.filter((plugin) => (found as string[]).includes(`resource-${plugin}`));
  return { cli, wanted, present, madeWith: madeWith(root, stack), stack };
}

/** Where images would come from. Asks the registry for the base's description; pulls nothing. */
export async function lookAtImages(docker: Docker, inputs: Inputs, plan: Plan): Promise<ImageSourceFacts> {
  const { images } = readConfig(inputs.project, inputs.stack, inputs.config);
  const names = resourcesOf(plan, TYPES.image).map(({ inputs: { imageName } }) => imageName);
  const refs = names.filter((name) => typeof name === "string");
  const there = await Promise.all(refs.map((ref) => hasImage(docker, ref)));
  const missing = refs.filter((_, index) => there[index] === false);
  const registry =
    images.source === "debian"
      ? ({ inReach: false, why: "not asked" } as const)
      : await askRegistry(docker, images.debianBase);
  const { base } = imageSources({ ...images, source: "debian" }, { ...inputs, machine: undefined });
  const obstacle = (await hasImage(docker, base)) ? undefined : await findObstacle();
  return { source: images.source, registry, missing, obstacle, stack: inputs.stack };
}

async function askRegistry(docker: Docker, base: string): Promise<ImageSourceFacts["registry"]> {
  if (await hasImage(docker, base)) return { inReach: true };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer after ${REGISTRY_TIMEOUT_MS / 1000} s`)), REGISTRY_TIMEOUT_MS);
  });
  try {
    await Promise.race([docker.getImage(base).distribution(), late]);
    return { inReach: true };
  } catch (error) {
    return { inReach: false, why: messageOf(error).trim().split(": ").at(-1) ?? "" };
  } finally {
    clearTimeout(timer);
  }
}

/** What keeps this user from making Debian's base. */
async function findObstacle(): Promise<string | undefined> {
  if (!isRoot()) return "making Debian's base needs root";
  if (!isDebian() && !(await hasProgram("debootstrap"))) return "debootstrap, which makes Debian's base, is missing";
  if (!(await hasProgram("docker"))) return "the Docker client, which takes Debian's base in, is missing";
  return undefined;
}

/** The CA bundle that the environment names. */
export function lookAtBundle(): { path?: string | undefined; holdsCertificate?: boolean; fault?: string } {
  try {
    const path = hostBundle();
    if (path === undefined) return {};
    return { path, holdsCertificate: readFileSync(path, "utf8").includes("-----BEGIN CERTIFICATE-----") };
  } catch (error) {
    return { fault: messageOf(error) };
  }
}

/** What the Engine says of its host. */
export interface Host {
  readonly memoryMiB: number;
  readonly cpus: number;
  /** Where images, containers and volumes lie. */
  readonly folder: string;
  /** Free there; undefined where this process can't see it. */
  readonly freeBytes: number | undefined;
}

/** Asks the Engine for its host's size. */
export async function lookAtHost(docker: Docker): Promise<Host> {
  const { MemTotal, NCPU, DockerRootDir } = (await docker.info()) as {
    MemTotal: number;
    NCPU: number;
    DockerRootDir: string;
  };
  const free = isRemote() ? undefined : await statfs(DockerRootDir).catch(() => undefined);
  return {
    memoryMiB: Math.floor(MemTotal / MIB),
    cpus: NCPU,
    folder: DockerRootDir,
    freeBytes: free === undefined ? undefined : free.bavail * free.bsize,
  };
}

/** What the stack's services ask for, what other stacks of the platform may take that run now, and what there is. */
export async function lookAtRoom(docker: Docker, plan: Plan, host: Host): Promise<RoomFacts> {
  const services = servicesOf(plan).map((container) => ({
    service: serviceOf(container),
    cpus: Number(container.inputs["cpus"]),
    // Jobs run before the services that wait for them, and are gone then.
    memoryMiB: container.inputs["mustRun"] === false ? 0 : Number(container.inputs["memory"]),
  }));
  const found = await docker.listContainers({ filters: { label: ["odoo-platform.stack"] } });
  const others = found.filter(({ Labels }) => Labels["odoo-platform.stack"] !== prefixOf(plan));
  // One that ended meanwhile takes nothing.
  const inspected = await Promise.all(
    others.map(({ Id }) =>
      docker
        .getContainer(Id)
        .inspect()
        .catch(() => undefined),
    ),
  );
  const othersMiB = inspected.reduce(
    (sum, container) => sum + Math.round((container?.HostConfig.Memory ?? 0) / MIB),
    0,
  );
  return { stack: plan.stack, services, othersMiB, totalMiB: host.memoryMiB, totalCpus: host.cpus };
}

/** Is every port that the stack publishes its own, or free? */
export async function lookAtPorts(docker: Docker, plan: Plan): Promise<{ ports: readonly number[]; fault?: string }> {
  const ports = servicesOf(plan).flatMap(({ inputs }) =>
    ((inputs["ports"] ?? []) as { external: number }[]).map(({ external }) => external),
  );
  if (isRemote()) return { ports };
  try {
    await findBusyPorts(docker, plan);
    return { ports };
  } catch (error) {
    return { ports, fault: messageOf(error) };
  }
}

/** How this system resolves a name that users type. */
export async function lookAtName(host: string, bindAddress: string): Promise<NameFacts> {
  const found = await lookup(host, { all: true }).catch(() => []);
  return { host, addresses: found.map(({ address }) => address), bindAddress };
}

/** The files in which the Compose engine keeps the stack's secrets; undefined with Pulumi, which keeps them in its state. */
export function lookAtSecrets(root: string, plan: Plan): SecretsFacts | undefined {
  const folder = secretsFolder(root, plan.stack);
  if (!existsSync(folder)) return undefined;
  const length = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.size;
  const lengths = Object.fromEntries(resourcesOf(plan, TYPES.password).map(({ name }) => [name, length(name)]));
  return { folder: relative(root, folder), mode: statSync(folder).mode & 0o777, lengths, stack: plan.stack };
}

/** Is the Engine on another host, so that neither its files nor its ports are here? */
export function isRemote(env: NodeJS.ProcessEnv = process.env): boolean {
  const host = env["DOCKER_HOST"] ?? "";
  return host !== "" && !host.startsWith("unix:") && !/^\w+:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|$)/.test(host);
}

function packageJson(root: string): unknown {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
}
