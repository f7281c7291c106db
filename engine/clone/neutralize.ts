import type Docker from "dockerode";

import type { Plan } from "../../plan/plan.ts";
import { containerName, plannedContainer } from "../docker.ts";
import { Fault } from "../fault.ts";

/**
 * Neutralises the database of a stack whose Odoo stands still: in a container that is the stack's job in everything but what
 * it does.
 *
 * @throws Fault with what is not harmless; then nothing in the database was changed.
 */
export async function neutralizeIn(docker: Docker, plan: Plan, anonymise: boolean): Promise<void> {
  const job = containerName(plannedContainer(plan, "odoo-init"));
  const { Config, HostConfig, NetworkSettings } = await docker.getContainer(job).inspect();
  const [network = "none"] = Object.keys(NetworkSettings.Networks);
  const container = await docker.createContainer({
    ...Config,
    name: `${job}-neutralize`,
    Hostname: "",
    Cmd: ["neutralize", ...(anonymise ? ["--anonymise"] : [])],
    // Not the job's own: what is left of this one is swept.
    Labels: { "odoo-platform.stack": Config.Labels["odoo-platform.stack"] ?? "" },
    HostConfig: { ...HostConfig, RestartPolicy: { Name: "no" } },
    NetworkingConfig: { EndpointsConfig: { [network]: {} } },
  });
  try {
    await container.start();
    const { StatusCode } = (await container.wait()) as { StatusCode: number };
    if (StatusCode === 0) return;
    const log = (await container.logs({ stdout: true, stderr: true, tail: 5 })).toString("utf8");
    throw new Fault(log.replace(/[^\x20-\x7e]+/g, " ").trim());
  } finally {
    await container.remove({ force: true, v: false });
  }
}
