import { containerName, plannedContainer, serviceOf, servicesOf, orAbsent } from "../engine/docker.ts";
import { type PlannedResource, resourcesOf, textOf, TYPES } from "../plan/plan.ts";
import { fromFaults, type Probe, type ProbeContext } from "./probe.ts";

/** A name that public name servers know. */
const OUTSIDE_NAME = "example.com";
/** What nothing listens on: a host that is reached refuses it, and that is an answer. */
const UNUSED_PORT = 9;
const PATIENCE_SECONDS = 1;

/** An address outside the enclosed networks, and what lives there. */
interface Target {
  readonly what: string;
  readonly address: string;
  readonly port: number;
}

/** What came of trying to reach something. */
type Reach = "open" | "refused" | "nothing";

/**
 * Tries to get out of every container whose networks are all internal: to the host by its addresses on Docker's own
 * bridge and on the edge's, to the edge on the network that it publishes on, and to a name server for a public name.
 * The same addresses are tried from the edge, which must reach them: an attempt on a dead address proves nothing. The
 * networks must be internal now, with no address of the host, whatever they were when they were made.
 *
 * It does not try every address that there is, nor other protocols than TCP and DNS.
 */
export const noWayOut: Probe = {
  task: "1.12",
  ttlDays: 7,
  needs: "system",
  mends: ["odoo"],
  measure: async (context) => {
    const enclosed = enclosedServices(context);
    const [networks, targets] = await Promise.all([findOpenNetworks(context), targetsOf(context)]);
    const [control, ...tries] = await Promise.all(
      ["edge", ...enclosed].map(async (service) => ({ service, ...(await tryFrom(context, service, targets)) })),
    );
    const reached = control?.reached.map(({ what }) => what) ?? [];
    const faults = [
      ...networks,
      ...(reached.length > 0 ? [] : ["the edge reaches none of what was tried, so that nothing is proved"]),
      ...tries.flatMap(findEscapes),
    ];
    return fromFaults(faults, {
      measured: {
        control: reached,
        reached: Object.fromEntries(tries.map((one) => [one.service, findEscapes(one)])),
        networks,
      },
      limit: { reached: "nothing", networks: [] },
      held: `${enclosed.join(", ")} reach nothing outside the stack, while the edge reaches ${reached.join(" and ")}`,
    });
  },
};

/** What an attempt reached: addresses that answered, and what a public name was answered with. */
export interface Attempted {
  readonly service: string;
  readonly reached: readonly Target[];
  readonly name: string;
}

/** Ways out that an enclosed container found, a sentence each. */
export function findEscapes({ service, reached, name }: Attempted): string[] {
  return [
    ...reached.map(({ what, address, port }) => `${service} reaches ${what} at ${address}:${port}`),
    ...(name === "" ? [] : [`${service} is told that ${OUTSIDE_NAME} is ${name}`]),
  ];
}

/** Services that are planned on internal networks alone, and stay up. */
function enclosedServices({ plan }: ProbeContext): string[] {
  const internal = new Set(
    resourcesOf(plan, TYPES.network)
      .filter(({ inputs }) => inputs["internal"] === true)
      .map((network) => textOf(network, "name")),
  );
  return servicesOf(plan)
    .filter((container) => container.inputs["mustRun"] !== false)
    .filter(
      (container) => networksOf(container).length > 0 && networksOf(container).every((name) => internal.has(name)),
    )
    .map(serviceOf);
}

function networksOf({ inputs }: PlannedResource): string[] {
  return ((inputs["networksAdvanced"] ?? []) as unknown as { name: string }[]).map(({ name }) => name);
}

/** What the Engine says of a network. */
export interface FoundNetwork {
  readonly Name: string;
  readonly Internal: boolean;
  readonly Options?: { readonly [option: string]: string } | null;
  readonly IPAM?: { readonly Config?: readonly { readonly Gateway?: string }[] | null };
}

/** Networks of enclosed containers that aren't what they were planned as. */
export function findOpen(planned: PlannedResource, found: FoundNetwork | undefined): string[] {
  const name = textOf(planned, "name");
  if (found === undefined) return [`network ${name} is not there`];
  if (planned.inputs["internal"] !== true) return [];
  const options = (planned.inputs["options"] ?? {}) as { [option: string]: string };
  return [
    ...(found.Internal ? [] : [`network ${name} has a way out`]),
    ...Object.entries(options)
      .filter(([option, value]) => found.Options?.[option] !== value)
      .map(([option, value]) => `network ${name} is not ${option}=${value}`),
  ];
}

async function findOpenNetworks({ docker, plan }: ProbeContext): Promise<string[]> {
  const found = await Promise.all(
    resourcesOf(plan, TYPES.network).map(async (network) =>
      findOpen(network, await orAbsent(inspectNetwork(docker, textOf(network, "name")))),
    ),
  );
  return found.flat();
}

function inspectNetwork(docker: ProbeContext["docker"], name: string): Promise<FoundNetwork> {
  return docker.getNetwork(name).inspect() as Promise<FoundNetwork>;
}

async function targetsOf({ docker, plan, settings }: ProbeContext): Promise<Target[]> {
  const open = resourcesOf(plan, TYPES.network)
    .filter(({ inputs }) => inputs["internal"] !== true)
    .map((network) => textOf(network, "name"));
  const bridges = await Promise.all(["bridge", ...open].map((name) => orAbsent(inspectNetwork(docker, name))));
  const edge = await orAbsent(docker.getContainer(containerName(plannedContainer(plan, "edge"))).inspect());
  return [
    ...bridges.flatMap((bridge) =>
      (bridge?.IPAM?.Config ?? []).flatMap(({ Gateway: address }) =>
        address === undefined ? [] : [{ what: `the host on ${bridge?.Name ?? ""}`, address, port: UNUSED_PORT }],
      ),
    ),
    ...Object.entries(edge?.NetworkSettings.Networks ?? {})
      .filter(([name, { IPAddress }]) => open.includes(name) && IPAddress !== "")
      .map(([name, { IPAddress }]) => ({
        what: `the edge on ${name}`,
        address: IPAddress,
        port: settings.edge.httpsPort,
      })),
  ];
}

/** By Bash, which every image of ours has. */
async function tryFrom(
  { exec }: ProbeContext,
  service: string,
  targets: readonly Target[],
): Promise<Omit<Attempted, "service">> {
  const connects = targets.map(async (target) => {
    const connect = `exec 3<>/dev/tcp/${target.address}/${target.port}`;
    const { exitCode, stderr } = await exec(service, ["timeout", String(PATIENCE_SECONDS), "bash", "-c", connect]);
    return { target, reach: reachOf(exitCode, stderr) };
  });
  const ask = exec(service, ["timeout", String(2 * PATIENCE_SECONDS), "getent", "hosts", OUTSIDE_NAME]);
  const [reaches, { exitCode, stdout }] = await Promise.all([Promise.all(connects), ask]);
  return {
    reached: reaches.filter(({ reach }) => reach !== "nothing").map(({ target }) => target),
    name: exitCode === 0 ? (stdout.trim().split(/\s+/)[0] ?? "") : "",
  };
}

/**
 * A refusal comes from the address that was tried, so it was reached.
 *
 * @throws Error where the attempt itself could not be made
 */
export function reachOf(exitCode: number, stderr: string): Reach {
  if (exitCode === 0) return "open";
  if (/Connection refused/.test(stderr)) return "refused";
  // 124: it was waited for in vain.
  if (exitCode === 124 || /No route to host|Network is unreachable|timed out/i.test(stderr)) return "nothing";
  throw new Error(`nothing can be tried: ${stderr.trim() === "" ? `exit code ${exitCode}` : stderr.trim()}`);
}
