import { generatedPages } from "../engine/generated.ts";
import { filesNamed } from "../engine/pages/llms.ts";
import { SPEC } from "../engine/pages/master-plan.ts";
import { publicFiles } from "../engine/pages/public-files.ts";
import type { Task } from "../gates/task.ts";
import { findDifference, readText } from "./compose-files.ts";
import { fromFaults, type Probe } from "./probe.ts";

const MAP = "llms.txt";

/** The pages of the master plan are what is made today, and tasks.md carries the statuses that the gates compute. */
export const specKit: Probe = pageProbe(
  "0.1",
  ["constitution", "prd", "plan", "tasks"].map((name) => `${SPEC}/${name}.md`),
);

/** llms-full.txt is what is made today. */
export const llmsFull: Probe = pageProbe("0.3", ["llms-full.txt"]);

/** CLAUDE.md is what is made today. */
export const claudePage: Probe = pageProbe("0.8", ["CLAUDE.md"]);

/** llms.txt is what is made today; and, read by itself, names every public file and nothing that is gone. */
export const llmsMap: Probe = {
  task: "0.2",
  ttlDays: 7,
  needs: "repository",
  measure: async ({ root }) => {
    const text = readText(root, MAP);
    const there = await publicFiles(root);
    const named = filesNamed(text ?? "");
    const made = await generatedPages(root, {}, [MAP]);
    return fromFaults([...findMapFaults(named, there), ...findDifference(MAP, text, made[MAP])], {
      measured: { named: named.length, files: there.length },
      limit: "every public file, and nothing that is gone",
      held: `${MAP} names all ${there.length} public files, and nothing that is gone`,
    });
  },
};

/** Files that a map lacks, or names though they are gone. */
export function findMapFaults(named: readonly string[], there: readonly string[]): string[] {
  const unnamed = there.filter((path) => !named.includes(path));
  const gone = named.filter((path) => !there.includes(path));
  return [
    ...(unnamed.length === 0 ? [] : [`${MAP} does not name ${unnamed.join(", ")}`]),
    ...(gone.length === 0 ? [] : [`${MAP} names what is gone: ${gone.join(", ")}`]),
  ];
}

function pageProbe(task: Task["id"], paths: readonly string[]): Probe {
  return {
    task,
    ttlDays: 7,
    needs: "repository",
    measure: async ({ root }) => {
      const made = await generatedPages(root, {}, paths);
      const texts = paths.map((path) => readText(root, path));
      const faults = paths.flatMap((path, index) => findDifference(path, texts[index], made[path]));
      return fromFaults(faults, {
        measured: Object.fromEntries(paths.map((path, index) => [path, texts[index]?.split("\n").length ?? null])),
        limit: "what is generated today",
        held: `${paths.join(", ")} ${paths.length === 1 ? "is" : "are"} what is generated today`,
      });
    },
  };
}
