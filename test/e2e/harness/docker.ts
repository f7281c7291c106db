import { setTimeout as sleep } from "node:timers/promises";

import Docker from "dockerode";

import { execIn, type ExecArgs } from "../../../engine/docker.ts";

export const docker = new Docker();

/** Physical name of a service's container. */
export function containerOf(service: string, stack = "dev"): string {
  return `odoo-platform-${stack}-${service}`;
}

/** Removes whatever an earlier run left of a stack, whichever engine made it. */
export async function reset(stack: string): Promise<void> {
  const filters = { label: [`odoo-platform.stack=odoo-platform-${stack}`] };
  for (const { Id } of await docker.listContainers({ all: true, filters })) {
    await docker.getContainer(Id).remove({ force: true, v: true });
  }
  const { Volumes } = await docker.listVolumes({ filters });
  for (const { Name } of Volumes) await docker.getVolume(Name).remove({ force: true });
  for (const { Id } of await docker.listNetworks({ filters })) await docker.getNetwork(Id).remove();
}

/** Names of all containers of a stack, running or not. */
export async function containersOf(stack = "dev"): Promise<string[]> {
  const found = await docker.listContainers({
    all: true,
    filters: { label: [`odoo-platform.stack=odoo-platform-${stack}`] },
  });
  return found.flatMap(({ Names }) => Names.map((name) => name.slice(1))).sort();
}

/** Makes a service's container anew by hand, as it was but for some environment variables, and waits until it answers. */
export async function alterByHand(service: string, variables: { readonly [name: string]: string }): Promise<void> {
  const name = containerOf(service);
  const found = docker.getContainer(name);
  const { Config, HostConfig, NetworkSettings } = await found.inspect();
  await found.remove({ force: true });
  const kept = Config.Env.filter((variable) => !(variable.slice(0, variable.indexOf("=")) in variables));
  // Engines before 25 take one network at a container's making.
  const [first = "", ...others] = Object.keys(NetworkSettings.Networks);
  const endpoint = (network: string) => ({
    Aliases: NetworkSettings.Networks[network]?.Aliases as string[],
  });
  const altered = await docker.createContainer({
    ...Config,
    name,
    Env: [...kept, ...Object.entries(variables).map(([variable, value]) => `${variable}=${value}`)],
    HostConfig,
    NetworkingConfig: { EndpointsConfig: { [first]: endpoint(first) } },
  });
  for (const network of others)
    await docker.getNetwork(network).connect({ Container: altered.id, EndpointConfig: endpoint(network) });
  await altered.start();
  while ((await altered.inspect()).State.Health?.Status !== "healthy") await sleep(500);
}

/** Runs a command in a service; throws when it fails. */
export async function inService(
  service: string,
  command: readonly string[],
  args: ExecArgs & { stack?: string } = {},
): Promise<string> {
  const { exitCode, stdout, stderr } = await execIn(docker, containerOf(service, args.stack), command, args);
  if (exitCode !== 0) throw new Error(`${command.join(" ")} in ${service} ended with ${exitCode}: ${stderr}${stdout}`);
  return stdout;
}

/** Runs SQL as the superuser, through the socket inside PostgreSQL's container. */
export async function sql(statement: string, { database = "odoo", stack = "dev" } = {}): Promise<string> {
  return (
    await inService("postgres", ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement], { stack })
  ).trim();
}

/** When each container of dev was started: equal before and after means that nothing was made anew. */
export async function startTimes(): Promise<Record<string, string>> {
  const names = await containersOf();
  return Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [name, (await docker.getContainer(name).inspect()).State.StartedAt] as const),
    ),
  );
}
