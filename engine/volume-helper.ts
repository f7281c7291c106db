import type Docker from "dockerode";

import { type Plan, textOf } from "../plan/plan.ts";
import { containerName, plannedContainer, prefixOf, standardOutput } from "./docker.ts";
import { Fault } from "./fault.ts";

export interface HelperArgs {
  /** Service whose image has the tools. */
  readonly service: string;
  /** `uid:gid` of who owns the volume. */
  readonly user: string;
  /** Volume of the stack by its role, such as `odoo-filestore`; it is mounted at /live. */
  readonly volume: string;
  /** For `sh -eu`; its arguments are $1, $2 … */
  readonly script: string;
  readonly args: readonly string[];
  /** More mounts, as `docker run --volume` takes them. @default none */
  readonly mounts?: readonly string[];
  /** Folders in memory, with their options. @default none */
  readonly tmpfs?: { readonly [path: string]: string };
}

/**
 * Runs a few lines of shell as a volume's owner, with nothing but the volumes.
 *
 * @returns what they wrote to their standard output.
 * @throws Fault with what they said.
 */
export async function runHelper(
  docker: Docker,
  plan: Plan,
  { service, user, volume, script, args, mounts = [], tmpfs = {} }: HelperArgs,
): Promise<string> {
  const planned = plannedContainer(plan, service);
  const container = await docker.createContainer({
    Image: textOf(planned, "image"),
    User: user,
    Entrypoint: ["sh", "-euc", script, "sh"],
    Cmd: [...args],
    Labels: { "odoo-platform.restore": `${prefixOf(plan)}-restore` },
    HostConfig: {
      NetworkMode: "none",
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges:true"],
      Tmpfs: { ...tmpfs },
      Binds: [`${prefixOf(plan)}-${volume}:/live`, ...mounts],
    },
  });
  try {
    await container.start();
    const { StatusCode } = (await container.wait()) as { StatusCode: number };
    if (StatusCode === 0) return standardOutput(await container.logs({ stdout: true }));
    const said = (await container.logs({ stdout: true, stderr: true })).toString("utf8").replace(/[^\x20-\x7e]+/g, " ");
    throw new Fault(`${containerName(planned)}: ${said.trim()}`);
  } finally {
    await container.remove({ force: true, v: true });
  }
}
