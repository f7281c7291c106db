import { setTimeout as sleep } from "node:timers/promises";

import type Docker from "dockerode";

import { type Plan, resourcesOf, TYPES } from "../plan/plan.ts";
import { containerName, prefixOf, serviceOf, servicesOf, tolerate } from "./docker.ts";
import type { Say } from "./engine.ts";
import { neverHealthy } from "./pulumi-fault.ts";

/** Longest that a container which runs already may take to answer again, in seconds. */
const WAIT_SECONDS = 180;

/** A container of a stack, as Docker lists it. */
export interface Found {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  /** Such as `Up 2 minutes (healthy)` or `Exited (1) 3 seconds ago`. */
  readonly status: string;
}

function ofStack(plan: Plan): { label: string[] } {
  return { label: [`odoo-platform.stack=${prefixOf(plan)}`] };
}

/** All containers of a stack, whoever made them. */
export async function containersOf(docker: Docker, plan: Plan): Promise<Found[]> {
  const listed = await docker.listContainers({ all: true, filters: ofStack(plan) });
  return listed.map(({ Id, Names, State, Status }) => ({
    id: Id,
    name: (Names[0] ?? "").replace(/^\//, ""),
    state: State,
    status: Status,
  }));
}

/** Which services were started when: what differs between two of these was changed. */
export async function startTimes(docker: Docker, plan: Plan): Promise<ReadonlyMap<string, string>> {
  const carriers = new Set(
    resourcesOf(plan, TYPES.container)
      .filter(({ inputs }) => inputs["start"] === false)
      .map(containerName),
  );
  const services = (await containersOf(docker, plan)).filter(({ name }) => !carriers.has(name));
  const times = services.map(async ({ id, name }) => {
    const { State } = await docker.getContainer(id).inspect();
    return [name, `${id} ${State.StartedAt}`] as const;
  });
  return new Map(await Promise.all(times));
}

/** Names of what was made, started anew or removed between two looks. */
export function changedBetween(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name));
}

/** Jobs that ended badly. The provider takes an ended job for a finished one: it must go before it runs again. */
export function failedJobs(plan: Plan, found: readonly Found[]): Found[] {
  const jobs = new Set(
    servicesOf(plan)
      .filter(({ inputs }) => inputs["mustRun"] === false)
      .map(containerName),
  );
  return found.filter(
    ({ name, state, status }) => jobs.has(name) && state !== "running" && !/^Exited \(0\)/.test(status),
  );
}

/** Stopped already, gone, or being removed by somebody else. */
const FINE = [304, 404, 409];

/** Stops containers as they wish to be stopped, then removes them. */
export async function removeContainers(docker: Docker, containers: readonly Found[]): Promise<void> {
  for (const { id, state } of containers) {
    const container = docker.getContainer(id);
    if (state === "running") await tolerate(FINE, container.stop());
    await tolerate(FINE, container.remove({ force: true, v: true }));
  }
}

/**
 * Removes containers and networks that carry a stack's label, but for those of these ids: what an update that was cut off
 * made and never wrote down. They stand in the way of those of the same name that the next one makes.
 */
export async function removeUnknown(docker: Docker, plan: Plan, known: ReadonlySet<string>, say: Say): Promise<void> {
  const containers = (await containersOf(docker, plan)).filter(({ id }) => !known.has(id));
  const networks = (await docker.listNetworks({ filters: ofStack(plan) })).filter(({ Id }) => !known.has(Id));
  for (const name of [...containers.map((container) => container.name), ...networks.map(({ Name }) => Name)]) {
    say(`removing ${name}, which an update that was cut off left behind`);
  }
  await removeContainers(docker, containers);
  for (const { Id } of networks) await docker.getNetwork(Id).remove();
}

/** Removes the volumes that carry a stack's label: those that hold data outlive the resource. */
export async function removeVolumes(docker: Docker, plan: Plan): Promise<void> {
  for (const { Name } of (await docker.listVolumes({ filters: ofStack(plan) })).Volumes)
    await docker.getVolume(Name).remove();
}

/** Removes containers of the stack that the plan doesn't know. */
export async function removeStrangers(docker: Docker, plan: Plan, say: Say): Promise<void> {
  const planned = new Set(resourcesOf(plan, TYPES.container).map(containerName));
  const strangers = (await containersOf(docker, plan)).filter(({ name }) => !planned.has(name));
  for (const { name } of strangers) say(`removing ${name}, which is not in the plan`);
  await removeContainers(docker, strangers);
}

/** Waits until every service answers. A refresh starts what was stopped, and doesn't wait for it. */
export async function waitHealthy(docker: Docker, plan: Plan): Promise<void> {
  const services = servicesOf(plan).filter(({ inputs }) => inputs["healthcheck"] !== undefined);
  const deadline = Date.now() + WAIT_SECONDS * 1000;
  for (;;) {
    const healthy = new Set(
      (await containersOf(docker, plan)).filter(({ status }) => status.includes("(healthy)")).map(({ name }) => name),
    );
    const waiting = services.find((service) => !healthy.has(containerName(service)));
    if (waiting === undefined) return;
    if (Date.now() > deadline) throw neverHealthy(plan, serviceOf(waiting));
    await sleep(500);
  }
}
