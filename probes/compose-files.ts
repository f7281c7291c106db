import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { planFiles } from "../engine/generated.ts";
import type { Task } from "../gates/task.ts";
import { composeOf, findComposeFault } from "./compose.ts";
import { fromFaults, type Probe } from "./probe.ts";

/** docker-compose.yml is what the plan of dev renders to today, byte for byte, and Compose accepts it. */
export const composeFile: Probe = composeProbe("1.1", "docker-compose.yml");

/** As docker-compose.yml, for prod. */
export const prodComposeFile: Probe = composeProbe("1.2", "deploy/docker-compose.prod.yml");

function composeProbe(task: Task["id"], path: string): Probe {
  return {
    task,
    ttlDays: 30,
    needs: "repository",
    measure: async ({ root, docker, plan }) => {
      const rendered = (await planFiles(root))[path];
      const refused = await findComposeFault(await composeOf({ root, docker, plan }), path);
      const faults = [
        ...findDifference(path, readText(root, path), rendered),
        ...(refused === undefined ? [] : [refused]),
      ];
      return fromFaults(faults, {
        measured: { lines: rendered?.split("\n").length ?? 0, accepted: refused === undefined },
        limit: { rendering: "equal", accepted: true },
        held: `${path} is the plan's rendering, and Compose accepts it`,
      });
    },
  };
}

/** Where a file of the repository differs from what is generated, with the command that mends it. */
export function findDifference(path: string, found: string | undefined, generated: string | undefined): string[] {
  if (generated === undefined) return [`nothing generates ${path}`];
  const mend = "run `npm run platform -- docs`";
  if (found === undefined) return [`${path} is missing; ${mend}`];
  if (found === generated) return [];
  const [a, b] = [found.split("\n"), generated.split("\n")];
  const at = b.findIndex((line, index) => line !== a[index]);
  return [`${path} differs from the plan's rendering from line ${(at === -1 ? b.length : at) + 1} on; ${mend}`];
}

/** A file of the project, or undefined. */
export function readText(root: string, path: string): string | undefined {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined;
}
