import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import type Docker from "dockerode";

import type { Plan } from "../plan/plan.ts";
import { containerName, servicesOf } from "./docker.ts";
import { Fault } from "./fault.ts";

/** How often, and after how many milliseconds, a port is looked at again that seems to be another's. */
const LOOKS = 3;
const PAUSE_MS = 700;

/** @throws Fault naming every port that the plan publishes and somebody else holds, and the container that does. */
export async function findBusyPorts(docker: Docker, plan: Plan): Promise<void> {
  let busy = await busyPorts(docker, plan);
  // What a killed command left at work in the Engine may be starting the very container that will hold the port.
  for (let looks = 1; busy.length > 0 && looks < LOOKS; looks++) {
    await sleep(PAUSE_MS);
    busy = await busyPorts(docker, plan);
  }
  if (busy.length === 0) return;
  throw new Fault(
    `In use by another program: ${busy.join(", ")}. Stop it (\`ss -ltnp\` shows it), or set other ports under edge in Pulumi.${plan.stack}.yaml.`,
  );
}

async function busyPorts(docker: Docker, plan: Plan): Promise<string[]> {
  const busy: { readonly container: string; readonly address: string; readonly port: number }[] = [];
  for (const container of servicesOf(plan)) {
    for (const { external, ip } of (container.inputs["ports"] ?? []) as { external: number; ip: string }[]) {
      if (!(await isBusy(external, ip))) continue;
      busy.push({ container: containerName(container), address: `${ip}:${external}`, port: external });
    }
  }
  if (busy.length === 0) return [];
  // Its own ports are held by itself. Asked after the ports: a container that starts in between is found.
  const running = await runningContainers(docker);
  const names = new Set(running.flatMap(({ Names }) => Names));
  return busy
    .filter(({ container }) => !names.has(`/${container}`))
    .map(({ address, port }) => {
      const holder = running.find(({ Ports }) => Ports.some(({ PublicPort }) => PublicPort === port));
      return holder === undefined ? address : `${address} (container ${holder.Names.join().slice(1)})`;
    });
}

/** Running containers; none where no Engine of this machine runs. One that was chosen must answer. */
async function runningContainers(docker: Docker): Promise<Docker.ContainerInfo[]> {
  try {
    return await docker.listContainers();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const chosen = process.env["DOCKER_HOST"] !== undefined;
    if (!chosen && (code === "ENOENT" || code === "ECONNREFUSED")) return [];
    throw error;
  }
}

function isBusy(port: number, address: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(true);
      // A port that only root may open is Docker's to open.
      else if (error.code === "EACCES") resolve(false);
      else if (error.code === "EADDRNOTAVAIL")
        reject(new Fault(`${address} is no address of this machine; set edge.bindAddress.`));
      else reject(error);
    });
    server.listen({ port, host: address }, () => server.close(() => resolve(false)));
  });
}
