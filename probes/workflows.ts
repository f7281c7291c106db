import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { x } from "tinyexec";
import { parse } from "yaml";

import { GENERATED } from "../engine/generated.ts";
import type { Task } from "../gates/task.ts";
import { fromFaults, type Probe } from "./probe.ts";
import { onCopy } from "./project-copy.ts";
import { commandsOf, findWorkflowFaults } from "./workflow-faults.ts";

const MODULE_TESTS = ".github/workflows/ci-odoo-ce.yml";
const VERBS = ["npm run platform -- ci --changed", "npm run platform -- ci --all"];
const DRIFT_GATE = ".github/workflows/docs-drift-gate.yml";

/** The workflow passes actionlint, and everything that it calls is there. */
export const llmsTxtCheck: Probe = workflowProbe("0.4", ".github/workflows/llms-txt-check.yml");

/** As llms-txt-check, for the builds of every commit. */
export const ciRunbot: Probe = workflowProbe("0.5", ".github/workflows/ci-runbot.yml");

/** As llms-txt-check; and modules are tested by the verb that developers run, those that a change touches and all. */
export const ciOdooCe: Probe = {
  ...workflowProbe("3.4", MODULE_TESTS),
  measure: async ({ root }) => {
    const faults = await findWorkflowFaults(root, MODULE_TESTS);
    const missing = faults.length > 0 ? [] : findVerbFaults(readFileSync(join(root, MODULE_TESTS), "utf8"));
    return fromFaults([...faults, ...missing], {
      measured: { faults: [...faults, ...missing] },
      limit: `actionlint says nothing, and ${VERBS.join(" and ")} are run`,
      held: `${MODULE_TESTS} passes actionlint, and tests modules by the verb that developers run`,
    });
  },
};

/** What of the verb a workflow leaves out. */
export function findVerbFaults(workflow: string): string[] {
  const commands = commandsOf(parse(workflow) as Parameters<typeof commandsOf>[0]);
  return VERBS.filter((verb) => !commands.some((command) => command.startsWith(verb))).map(
    (verb) => `${MODULE_TESTS} does not run ${verb}`,
  );
}

/**
 * The workflow passes actionlint; and what it runs, run here on a copy of the project, passes as it is and fails once
 * every generated file was edited, naming each.
 */
export const docsDriftGate: Probe = {
  task: "0.6",
  ttlDays: 7,
  needs: "repository",
  measure: async ({ root }) => {
    const faults = await findWorkflowFaults(root, DRIFT_GATE);
    // What calls nothing that is there can't be run.
    const ran = faults.length > 0 ? undefined : await tryGate(root);
    return fromFaults([...faults, ...(ran?.faults ?? [])], {
      measured: ran === undefined ? null : { unchanged: ran.before, drifted: ran.after, files: GENERATED.length },
      limit: { unchanged: 0, drifted: 1, files: GENERATED.length },
      held: `${DRIFT_GATE} passes as it is, and fails on each of ${GENERATED.length} files that was edited`,
    });
  },
};

async function tryGate(root: string): Promise<{ before: number; after: number; faults: string[] }> {
  const commands = commandsOf(parse(readFileSync(join(root, DRIFT_GATE), "utf8")) as Parameters<typeof commandsOf>[0]);
  // Dependencies are those of the project: a measurement installs nothing.
  const text = commands.filter((command) => command !== "npm ci").join("\n");
  return onCopy(root, async (copy) => {
    const before = await runIn(copy, text);
    for (const path of GENERATED) appendFileSync(join(copy, path), "edited by hand\n");
    const after = await runIn(copy, text);
    return { before: before.exitCode, after: after.exitCode, faults: findGateFaults(before, after) };
  });
}

/** How a command ended, and what it said. */
interface Ran {
  readonly exitCode: number;
  readonly output: string;
}

/** What a gate gets wrong: it must pass on what is current, and fail on what is not, by name. */
export function findGateFaults(before: Ran, after: Ran): string[] {
  const last = before.output.trim().split("\n").at(-1) ?? "";
  const unnamed = GENERATED.filter((path) => !after.output.includes(path));
  return [
    ...(before.exitCode === 0 ? [] : [`${DRIFT_GATE} fails on the project as it is: ${last}`]),
    ...(after.exitCode !== 0 ? [] : [`${DRIFT_GATE} passes though every generated file was edited`]),
    ...(after.exitCode === 0 || unnamed.length === 0 ? [] : [`${DRIFT_GATE} does not name ${unnamed.join(", ")}`]),
  ];
}

/** Runs lines as a workflow does: in bash, ending at the first that fails. */
async function runIn(cwd: string, lines: string): Promise<Ran> {
  const { exitCode, stdout, stderr } = await x("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", lines], {
    nodeOptions: { cwd, env: { CI: "true", NO_COLOR: "1" } },
  });
  return { exitCode: exitCode ?? 1, output: `${stdout}\n${stderr}` };
}

function workflowProbe(task: Task["id"], path: string): Probe {
  return {
    task,
    ttlDays: 30,
    needs: "repository",
    measure: async ({ root }) => {
      const faults = await findWorkflowFaults(root, path);
      return fromFaults(faults, {
        measured: { faults },
        limit: "actionlint says nothing, actions are pinned, permissions are named, every command is there",
        held: `${path} passes actionlint, and every command that it calls exists`,
      });
    },
  };
}
