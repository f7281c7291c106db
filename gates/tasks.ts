import { phase0 } from "./phase-0.ts";
import { phase1 } from "./phase-1.ts";
import { phase2 } from "./phase-2.ts";
import { phase3 } from "./phase-3.ts";
import { phase4 } from "./phase-4.ts";
import { phase5 } from "./phase-5.ts";
import { phase6 } from "./phase-6.ts";
import { phase7 } from "./phase-7.ts";
import { recordPath } from "./records/record.ts";
import { itemTasks, type Task } from "./task.ts";

/** The master plan: tasks of phase 0, of phase 1, and so on. */
export const TASKS: readonly (readonly Task[])[] = [phase0, phase1, phase2, phase3, phase4, phase5, phase6, phase7];

/** The task, or the item of one, with this id; or undefined. */
export function taskById(id: string): Task | undefined {
  return TASKS.flat()
    .flatMap((task) => [task, ...itemTasks(task)])
    .find((task) => task.id === id);
}

/** Files that tasks speak of; changed ones make evidence stale. */
export function taskFiles(): string[] {
  return [...new Set(TASKS.flat().flatMap((task) => ("files" in task ? (task.files ?? []) : [])))].sort();
}

/** Records of a stack that people sign. */
export function recordFiles(stack: string): string[] {
  return TASKS.flat().flatMap((task) =>
    "record" in task && task.record !== undefined ? [recordPath(stack, task.record)] : [],
  );
}
