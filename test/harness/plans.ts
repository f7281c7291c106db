import { evaluate } from "../../engine/evaluate.ts";
import { stackConfig } from "../../engine/stack-plan.ts";
import type { Plan, PlannedResource } from "../../plan/plan.ts";
import { resourcesOf, TYPES } from "../../plan/plan.ts";
import type { Inputs } from "../../stacks/inputs.ts";
import { program } from "../../stacks/program.ts";
import { LAB } from "./signer.ts";
import { untraced } from "./untraced.ts";

export const ROOT = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");
export const PROJECT = "odoo-platform";
export const STACKS = ["dev", "staging", "prod"] as const;

/** Of the sources that plans of tests are made from. */
export const COMMIT = "b".repeat(40);

export type StackName = (typeof STACKS)[number];

/** What the program takes from outside, fixed: the committed configuration, and nothing of this machine or moment. */
export function inputsOf(stack: StackName, changes: Partial<Inputs> = {}): Inputs {
  return {
    project: PROJECT,
    stack,
    config: stackConfig(ROOT, stack),
    machine: undefined,
    held: undefined,
    imageHashes: {
      "odoo-debian": "a".repeat(64),
      odoo: "b".repeat(64),
      postgres: "c".repeat(64),
      edge: "d".repeat(64),
      vault: "1".repeat(64),
      backup: "2".repeat(64),
      "vault-relay": "b1".repeat(32),
      "mail-catcher": "3".repeat(64),
      monitoring: "4".repeat(64),
      mcp: "5".repeat(64),
      ci: "0".repeat(64),
      identity: "6".repeat(64),
      "sign-on": "7".repeat(64),
      shell: "8".repeat(64),
      terminal: "9".repeat(64),
    },
    baseHash: "e".repeat(64),
    sourcesDigest: "f".repeat(64),
    files: {},
    evidence: [],
    signers: [LAB.signer],
    machineKey: undefined,
    commit: COMMIT,
    now: new Date("2026-01-02T03:04:05Z"),
    ...changes,
  };
}

/**
 * The whole program for a stack, in process.
 *
 * Proves what the program asks for. It does not prove that a provider accepts it, what a provider fills in, nor what an
 * update replaces: only the end-to-end tests do.
 */
export function planOf(stack: StackName, changes: Partial<Inputs> = {}, preview = false): Promise<Plan> {
  if (Object.keys(changes).length > 0) return evaluated(inputsOf(stack, changes), preview);
  const key = `${stack} ${preview}`;
  const plan = known.get(key) ?? evaluated(inputsOf(stack), preview);
  known.set(key, plan);
  return plan;
}

/** Settings of parts that a stack may be without. */
const PARTS = ["backup", "mail", "monitoring", "mcp", "identity", "shell"] as const;

/** The whole program for a stack without the parts that can be off, but for those named. */
export function coreOf(stack: StackName, on: readonly (typeof PARTS)[number][] = []): Promise<Plan> {
  const off: { [key: string]: string } = {};
  for (const part of PARTS) if (!on.includes(part)) off[`${PROJECT}:${part}`] = JSON.stringify({ enabled: false });
  const key = `${stack} core ${on.join()}`;
  const { config } = inputsOf(stack);
  const plan = known.get(key) ?? evaluated(inputsOf(stack, { config: { ...config, ...off } }), false);
  known.set(key, plan);
  return plan;
}

// Plans are plain data that no test changes: each is made once in a file.
const known = new Map<string, Promise<Plan>>();

function evaluated(inputs: Inputs, preview: boolean): Promise<Plan> {
  const { project, stack, config } = inputs;
  return untraced(() => evaluate({ project, stack, config, program: () => program(inputs), preview }));
}

/** The planned container of this logical name. */
export function containerIn(plan: Plan, name: string): PlannedResource {
  const found = resourcesOf(plan, TYPES.container).find((container) => container.name === name);
  if (found === undefined) throw new Error(`no container ${name} in the plan of ${plan.stack}`);
  return found;
}

/** Name of a resource's parent, which is what a reader knows it by. */
export function parentName(resource: PlannedResource): string {
  return resource.parent?.split("::").at(-1) ?? "";
}
