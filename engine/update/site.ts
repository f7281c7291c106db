import type Docker from "dockerode";

import type { Plan } from "../../plan/plan.ts";
import { containerName, execIn, plannedContainer, tolerate } from "../docker.ts";

/** While this file is there, the edge tells everybody to come back soon (docker/edge/sites/odoo.caddy). */
const CLOSED = "/data/platform/closed";

/** Lets nobody into Odoo. */
export async function closeSite(docker: Docker, plan: Plan): Promise<void> {
  await inEdge(docker, plan, ["sh", "-c", `mkdir -p ${CLOSED.slice(0, CLOSED.lastIndexOf("/"))} && touch ${CLOSED}`]);
}

/** Lets everybody in again. */
export async function openSite(docker: Docker, plan: Plan): Promise<void> {
  await inEdge(docker, plan, ["rm", "-f", CLOSED]);
}

/** An edge that isn't there, or stands still, lets nobody in anyway. */
async function inEdge(docker: Docker, plan: Plan, command: readonly string[]): Promise<void> {
  await tolerate([404, 409], execIn(docker, containerName(plannedContainer(plan, "edge")), command));
}
