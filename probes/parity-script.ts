import { spawn } from "node:child_process";

import { ODOOSH_FEATURES, type OdooshFeature } from "../gates/odoosh-features.ts";
import { odooshParity } from "../gates/odoosh-parity.ts";
import { taskById, TASKS } from "../gates/tasks.ts";
import type { TaskStatus } from "../plan/phase.ts";
import { fromFaults, type Probe } from "./probe.ts";

const SCRIPT = "scripts/check_odoosh_parity.ts";
/** Fewer would be no picture of Odoo.sh. */
const LEAST_FEATURES = 30;

/**
 * The score follows the verdicts: with every task GO it is what the features that are measured weigh, and it falls with
 * each task that is not. The script itself is fed verdicts and must print that score, and end with the code that it means.
 */
export const parityScript: Probe = {
  task: "0.7",
  ttlDays: 30,
  needs: "repository",
  measure: async ({ root }) => {
    const full = odooshParity(verdicts({})).percent;
    const [broken = ""] = heaviest().tasks;
    const runs = {
      full: await runScript(root, report({}), full),
      fallen: await runScript(root, report({ [broken]: "NO-GO" }), full),
      none: await runScript(root, "{}", full),
    };
    const faults = [...findFeatureFaults(ODOOSH_FEATURES), ...findScoreFaults(full, broken, runs)];
    return fromFaults(faults, {
      measured: { features: ODOOSH_FEATURES.length, full, fallen: runs.fallen.percent ?? null, broken },
      limit: { features: LEAST_FEATURES, fallen: "less than full" },
      held: `${ODOOSH_FEATURES.length} features; ${full} % when all tasks are GO, ${runs.fallen.percent ?? 0} % when ${broken} is not`,
    });
  },
};

/** What is wrong with the features, as data: too few, twice, of no task that there is, or without effect on the score. */
export function findFeatureFaults(features: readonly OdooshFeature[]): string[] {
  const names = features.map(({ name }) => name);
  const unexplained = features.filter(({ tasks, without }) => tasks.length === 0 && without === undefined);
  const tasks = [...new Set(features.flatMap((feature) => feature.tasks))];
  const unknown = tasks.filter((id) => taskById(id) === undefined);
  const full = odooshParity(verdicts({}), features).percent;
  const idle = tasks.filter((id) => odooshParity(verdicts({ [id]: "NO-GO" }), features).percent >= full);
  return [
    ...(features.length >= LEAST_FEATURES ? [] : [`${features.length} features; ${LEAST_FEATURES} or more are wanted`]),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `"${name}" is listed twice`),
    ...unexplained.map(({ name }) => `"${name}" has no task, and no word on what to use instead`),
    ...unknown.map((id) => `no phase has task ${id}`),
    ...idle.filter((id) => !unknown.includes(id)).map((id) => `the score does not fall when ${id} is NO-GO`),
  ];
}

/** How the script ended, and the score that it printed. */
export interface ScriptRun {
  readonly exitCode: number | null;
  readonly percent: number | undefined;
}

/** A score that doesn't follow what was fed in is a constant. */
export function findScoreFaults(
  full: number,
  broken: string,
  runs: { readonly full: ScriptRun; readonly fallen: ScriptRun; readonly none: ScriptRun },
): string[] {
  const said = ({ exitCode, percent }: ScriptRun) => `${percent ?? "no"} % with exit code ${exitCode ?? "none"}`;
  return [
    ...(runs.full.percent === full && runs.full.exitCode === 0
      ? []
      : [`${SCRIPT} says ${said(runs.full)} where all tasks are GO, which is ${full} %`]),
    ...(runs.fallen.percent !== undefined && runs.fallen.percent < full && runs.fallen.exitCode === 1
      ? []
      : [`${SCRIPT} says ${said(runs.fallen)} where ${broken} is NO-GO, and ${full} % were asked for`]),
    ...(runs.none.percent === undefined && runs.none.exitCode === 1
      ? []
      : [`${SCRIPT} says ${said(runs.none)} where there are no verdicts`]),
  ];
}

function heaviest(): OdooshFeature {
  const [first] = ODOOSH_FEATURES.filter(({ tasks }) => tasks.length > 0).sort((a, b) => b.weight - a.weight);
  if (first === undefined) throw new Error("no feature of Odoo.sh is measured by a task");
  return first;
}

/** Every task of the plan as GO, but for some. */
function verdicts(but: { readonly [task: string]: TaskStatus }): Parameters<typeof odooshParity>[0] {
  return TASKS.map((tasks) => ({
    tasks: tasks.map(({ id, title, owner, kind }) => ({
      ...{ id, title, owner, kind, detail: "" },
      status: but[id] ?? ("GO" as const),
    })),
  }));
}

function report(but: { readonly [task: string]: TaskStatus }): string {
  return JSON.stringify({ stack: "trial", phases: verdicts(but) });
}

async function runScript(root: string, input: string, atLeast: number): Promise<ScriptRun> {
  const args = ["--import", "tsx", SCRIPT, "--stdin", "--json", "--at-least", String(atLeast)];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["pipe", "pipe", "ignore"] });
  // A script that is gone never reads.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  let stdout = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { exitCode, percent: percentIn(stdout) };
}

function percentIn(stdout: string): number | undefined {
  try {
    const { percent } = JSON.parse(stdout) as { percent?: unknown };
    return typeof percent === "number" ? percent : undefined;
  } catch {
    return undefined;
  }
}
