import type Docker from "dockerode";

import { type Plan, type PlannedResource, resourcesOf, textOf, TYPES } from "../plan/plan.ts";
import { orAbsent, prefixOf } from "./docker.ts";
import type { Say } from "./engine.ts";
import { Fault } from "./fault.ts";

/** What the Engine says of a network. */
interface Network {
  readonly Internal: boolean;
  readonly Options?: { readonly [option: string]: string } | null;
  readonly Containers?: { readonly [id: string]: { readonly Name: string } } | null;
}

/** Physical names of networks that are there, and otherwise than planned. Compose takes them as they are. */
export async function differingNetworks(docker: Docker, plan: Plan): Promise<string[]> {
  const checked = await Promise.all(
    resourcesOf(plan, TYPES.network).map(async (planned) => {
      const name = textOf(planned, "name");
      const found = await inspect(docker, name);
      return found === undefined || isAsPlanned(planned, found) ? [] : [name];
    }),
  );
  return checked.flat().sort();
}

/**
 * Removes networks, with the stack's containers that were made on them, so that Compose makes both anew; data is in
 * volumes.
 *
 * @throws Fault where somebody else's container is on one
 */
export async function removeNetworks(docker: Docker, plan: Plan, networks: readonly string[], say: Say): Promise<void> {
  const containers = await docker.listContainers({
    all: true,
    filters: { label: [`odoo-platform.stack=${prefixOf(plan)}`] },
  });
  const on = containers.filter(({ NetworkSettings }) =>
    networks.some((network) => network in NetworkSettings.Networks),
  );
  await Promise.all(
    on.map(async ({ Id, State }) => {
      const container = docker.getContainer(Id);
      // Gently: PostgreSQL and Odoo end what they do. How long each may take is its own setting.
      if (State === "running") await container.stop();
      await container.remove({ force: true, v: true });
    }),
  );
  for (const network of networks) {
    say(`making network ${network} anew, which is otherwise than planned`);
    const strangers = Object.values((await inspect(docker, network))?.Containers ?? {}).map(({ Name }) => Name);
    if (strangers.length > 0) {
      throw new Fault(
        `Network ${network} must be made anew, and ${strangers.join(", ")}, which is not the stack's, is on it. ` +
          `Run \`docker network disconnect ${network} ${strangers[0] ?? ""}\`, then the command again.`,
      );
    }
    await docker.getNetwork(network).remove();
  }
}

function isAsPlanned({ inputs }: PlannedResource, { Internal, Options }: Network): boolean {
  const options = (inputs["options"] ?? {}) as { readonly [option: string]: string };
  return (
    Internal === inputs["internal"] && Object.entries(options).every(([option, value]) => Options?.[option] === value)
  );
}

function inspect(docker: Docker, name: string): Promise<Network | undefined> {
  return orAbsent(docker.getNetwork(name).inspect() as Promise<Network>);
}
