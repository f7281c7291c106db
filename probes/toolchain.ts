import { readFileSync } from "node:fs";
import { join } from "node:path";

import { chooseEngine } from "../engine/choose.ts";
import { probeEngine } from "../engine/docker-engine.ts";
import { isAtLeast, LEAST_ENGINE } from "../engine/version.ts";
import { fromFaults, type Probe } from "./probe.ts";

/** The versions that run this very measurement, and the engine that would bring the plan about, chosen as `up` does. */
export const toolchain: Probe = {
  task: "0.10",
  ttlDays: 30,
  needs: "machine",
  measure: async ({ docker, root, plan }) => {
    const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { engines: { node: string } };
    const leastNode = /^>=(\d+(?:\.\d+)*)$/.exec(engines.node)?.[1];
    if (leastNode === undefined) throw new Error(`package.json: engines.node must be >=VERSION; got ${engines.node}`);
    const [found, chosen] = await Promise.all([
      probeEngine(),
      chooseEngine({ docker, root, plan, wanted: undefined, say: () => undefined }),
    ]);
    const node = process.versions.node;
    const version = "version" in found ? found.version : undefined;
    const faults = [
      ...findToolFaults({ node, leastNode, version }),
      ...("problem" in found ? [`the Docker Engine is ${found.problem}`] : []),
    ];
    return fromFaults(faults, {
      measured: {
        node,
        docker: version ?? null,
        engine: chosen.engine.name,
        engineProgram: chosen.engine.description,
      },
      limit: { node: leastNode, docker: LEAST_ENGINE, engine: ["pulumi", "compose"] },
      held: `Node ${node}, Docker Engine ${version ?? ""}, ${chosen.engine.description}`,
    });
  },
};

/** Tools that are too old. */
export function findToolFaults(found: { node: string; leastNode: string; version: string | undefined }): string[] {
  const { node, leastNode, version } = found;
  return [
    ...(isAtLeast(node, leastNode) ? [] : [`Node ${node} runs; ${leastNode} or newer is needed`]),
    ...(version === undefined || isAtLeast(version, LEAST_ENGINE)
      ? []
      : [`Docker Engine ${version} runs; ${LEAST_ENGINE} or newer is needed`]),
  ];
}
