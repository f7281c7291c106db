import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { connectDocker, containerName, servicesOf } from "../engine/docker.ts";
import { planStack } from "../engine/stack-plan.ts";
import { median, print } from "./report.ts";

const ROUNDS = 5;

/** Wall time of what people and pull requests wait for, and the memory of an idle stack. The stack dev must be up. */
export async function benchVerbs(root: string): Promise<void> {
  const time = (args: readonly string[]): number => {
    const started = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [join(root, "cli/platform.mjs"), ...args], {
      cwd: root,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`platform ${args.join(" ")} ended with ${String(status)}: ${stderr}`);
    return (performance.now() - started) / 1000;
  };
  const seconds = (args: readonly string[]) => median(Array.from({ length: ROUNDS }, () => time(args)));
  print([
    ["verb", "median of 5, s", "goal, s"],
    ["plan", seconds(["plan"]).toFixed(2), "1.5"],
    ["up with nothing to change", seconds(["up"]).toFixed(2), "6"],
  ]);
  const docker = connectDocker();
  const plan = await planStack("dev", { root });
  const rows = await Promise.all(
    servicesOf(plan)
      .filter(({ inputs }) => inputs["mustRun"] !== false)
      .map(async (container) => {
        const { memory_stats: memory } = await docker.getContainer(containerName(container)).stats({ stream: false });
        // Pages of files that can be dropped at any time are not what the service needs; cgroup v1 and v2 name them apart.
        const pages = memory.stats as { total_inactive_file?: number; inactive_file?: number };
        const droppable = pages.total_inactive_file ?? pages.inactive_file ?? 0;
        return [containerName(container), (memory.usage - droppable) / 2 ** 20] as const;
      }),
  );
  print([
    ["idle memory", "MiB", "goal"],
    ...rows.map(([name, used]) => [name, used.toFixed(0), ""]),
    ["all", rows.reduce((sum, [, used]) => sum + used, 0).toFixed(0), "1229"],
  ]);
}
