import { containerName, prefixOf, serviceOf, servicesOf } from "../engine/docker.ts";
import { resourcesOf, TYPES } from "../plan/plan.ts";
import { findDrift } from "./drift.ts";
import { inspectPlanned } from "./inspect.ts";
import type { Probe } from "./probe.ts";

/**
 * Compares what the Engine says of every container with the plan: state, health, image, user, command, environment,
 * limits, capabilities, mounts, networks, ports. Containers of the stack that nobody planned are a fault too.
 */
export const runningAsPlanned: Probe = {
  task: "1.10",
  ttlDays: 7,
  needs: "system",
  quick: true,
  measure: async ({ docker, plan }) => {
    const planned = servicesOf(plan);
    // With Pulumi there are containers that never start, too: they carry secrets into volumes.
    const names = new Set(resourcesOf(plan, TYPES.container).map(containerName));
    const [containers, labelled] = await Promise.all([
      Promise.all(
        planned.map(async (one) => ({
          service: serviceOf(one),
          drift: findDrift(one, await inspectPlanned(docker, one)),
        })),
      ),
      docker.listContainers({ all: true, filters: { label: [`odoo-platform.stack=${prefixOf(plan)}`] } }),
    ]);
    const strangers = labelled
      .map(({ Names: [name = ""] }) => name.replace(/^\//, ""))
      .filter((name) => !names.has(name));
    const drifted = containers.filter(({ drift }) => drift.length > 0);
    const faults = [
      ...drifted.map(({ service, drift }) => `${service} ${drift.join(", ")}`),
      ...strangers.map((name) => `${name} is in no plan`),
    ];
    return {
      holds: faults.length === 0,
      measured: {
        containers: containers.map(({ service }) => service).sort(),
        drift: Object.fromEntries(drifted.map(({ service, drift }) => [service, drift])),
        strangers,
      },
      limit: { drift: {}, strangers: [] },
      detail: faults.length === 0 ? `${planned.length} containers are as planned` : faults.join("; "),
      mends: drifted.map(({ service }) => service),
    };
  },
};
