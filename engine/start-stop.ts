import { setTimeout as sleep } from "node:timers/promises";

import type Docker from "dockerode";

import type { Plan } from "../plan/plan.ts";
import { containerName, plannedContainer, tolerate } from "./docker.ts";
import { Fault } from "./fault.ts";

const HEALTHY_SECONDS = 300;

/** Stops a planned container; one that stands still, or isn't there, is left so. */
export async function stopService(docker: Docker, plan: Plan, service: string): Promise<void> {
  await tolerate([304, 404], docker.getContainer(containerName(plannedContainer(plan, service))).stop());
}

/** Starts a planned container as it is, and waits until it is healthy. @throws Fault where it isn't after five minutes. */
export async function startHealthy(docker: Docker, plan: Plan, service: string): Promise<void> {
  const container = docker.getContainer(containerName(plannedContainer(plan, service)));
  await tolerate([304], container.start());
  const until = performance.now() + HEALTHY_SECONDS * 1000;
  while (performance.now() < until) {
    const { State } = await container.inspect();
    if (State.Health?.Status === "healthy") return;
    await sleep(300);
  }
  throw new Fault(`${service} is not healthy after ${HEALTHY_SECONDS} s; see \`npm run platform -- logs ${service}\`.`);
}

/** Removes a job's container, running or not: the next deployment runs it anew. */
export async function forgetJob(docker: Docker, plan: Plan, service: string): Promise<void> {
  const container = docker.getContainer(containerName(plannedContainer(plan, service)));
  await tolerate([404, 409], container.remove({ force: true, v: true }));
}

/** Runs a job of the plan again, to its end. @throws Fault where it fails. */
export async function runJob(docker: Docker, plan: Plan, service: string): Promise<void> {
  const container = docker.getContainer(containerName(plannedContainer(plan, service)));
  await tolerate([304], container.start());
  const { StatusCode } = (await container.wait()) as { StatusCode: number };
  if (StatusCode !== 0)
    throw new Fault(`Job ${service} ended with exit code ${StatusCode}; see \`npm run platform -- logs ${service}\`.`);
}
