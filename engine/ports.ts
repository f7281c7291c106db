import { createServer } from "node:net";

import type Docker from "dockerode";

import type { Plan } from "../plan/plan.ts";
import { containerName, servicesOf } from "./docker.ts";
import { Fault } from "./fault.ts";

/** @throws Fault naming every port that the plan publishes and somebody else holds. */
export async function findBusyPorts(docker: Docker, plan: Plan): Promise<void> {
  const running = await runningNames(docker);
  const busy: string[] = [];
  for (const container of servicesOf(plan)) {
    // Its own ports are held by itself.
    if (running.has(containerName(container))) continue;
    for (const { external, ip } of (container.inputs["ports"] ?? []) as { external: number; ip: string }[]) {
      if (await isBusy(external, ip)) busy.push(`${ip}:${external}`);
    }
  }
  if (busy.length > 0) {
    throw new Fault(
      `In use by another program: ${busy.join(", ")}. Stop it (\`ss -ltnp\` shows it), or set other ports under edge in Pulumi.${plan.stack}.yaml.`,
    );
  }
}

/** Names of running containers; none where no Engine runs. */
async function runningNames(docker: Docker): Promise<ReadonlySet<string>> {
  try {
    return new Set((await docker.listContainers()).flatMap(({ Names }) => Names.map((name) => name.slice(1))));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ECONNREFUSED") return new Set();
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
