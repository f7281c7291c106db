import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { planFiles } from "../engine/generated.ts";
import type { Task } from "../gates/task.ts";
import { composeOf, findComposeFault } from "./compose.ts";
import { fromFaults, type Probe } from "./probe.ts";

/**
 * docker-compose.yml, and docker-compose.shell.yml for Compose behind it, are what the plan of dev renders to today, byte
 * for byte, and Compose accepts them.
 */
export const composeFile: Probe = composeProbe("1.1", "docker-compose.yml", "docker-compose.shell.yml");

/** As docker-compose.yml, for prod. */
export const prodComposeFile: Probe = composeProbe("1.2", "deploy/docker-compose.prod.yml");

/** Files in the order in which Compose is given them: the first is accepted alone, each other one behind those before. */
function composeProbe(task: Task["id"], ...paths: readonly string[]): Probe {
  return {
    task,
    ttlDays: 30,
    needs: "repository",
    measure: async ({ root, docker, plan }) => {
      const rendered = await planFiles(root);
      const cli = await composeOf({ root, docker, plan });
      const said: (string | undefined)[] = [];
      for (const at of paths.keys()) said.push(await findComposeFault(cli, ...paths.slice(0, at + 1)));
      const refused = said.filter((fault) => fault !== undefined);
      const faults = [
        ...paths.flatMap((path) => findDifference(path, readText(root, path), rendered[path])),
        ...refused,
      ];
      const lines = paths.reduce((sum, path) => sum + (rendered[path]?.split("\n").length ?? 0), 0);
      return fromFaults(faults, {
        measured: { lines, accepted: refused.length === 0 },
        limit: { rendering: "equal", accepted: true },
        held: `${paths.join(" and ")}: the plan's rendering, and Compose accepts it`,
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
