import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

import { x } from "tinyexec";
import { z } from "zod";

import type { Plan } from "../plan/plan.ts";
import { MACHINE_KEY_FILE } from "../stacks/signers.ts";
import { Fault } from "./fault.ts";
import { atRef } from "./worktree.ts";

/** Of what `plan --json` prints, all that a comparison reads; older versions may print more or less besides. */
const planSchema = z.object({
  project: z.string(),
  stack: z.string(),
  resources: z.array(
    z.object({
      urn: z.string(),
      type: z.string(),
      name: z.string(),
      parent: z.string().optional(),
      custom: z.boolean(),
      protect: z.boolean(),
      retainOnDelete: z.boolean(),
      dependencies: z.array(z.string()),
      inputs: z.record(z.string(), z.json()),
    }),
  ),
  outputs: z.record(z.string(), z.json()),
});

/**
 * The plan of a stack as a git ref has it: its own program and configuration, in a process and a folder of their own,
 * with the packages that are installed here and without this process's environment, in which credentials may lie.
 *
 * The facts of this machine are left out, as they should be on the other side of a comparison; evidence that is not in
 * git is lent to it, so that both sides are judged by the same.
 *
 * @returns undefined where the ref has no such stack.
 * @throws Fault where there is no such ref (2), and where its program refuses its configuration (1), with what it says.
 */
export async function planAt(root: string, stack: string, ref: string): Promise<Plan | undefined> {
  return atRef(root, ref, async (tree) => {
    if (!existsSync(join(tree, `Pulumi.${stack}.yaml`))) return undefined;
    const lent = lend(root, tree, stack);
    try {
      return await evaluateIn(tree, stack, ref);
    } catch (error) {
      // An earlier version may not understand the evidence of this one.
      if (lent.length === 0) throw error;
      for (const path of lent) rmSync(join(tree, path), { recursive: true });
      return await evaluateIn(tree, stack, ref);
    }
  });
}

/** Gives a working tree what git does not hold: evidence that is not committed, and the key that signed it. */
function lend(root: string, tree: string, stack: string): string[] {
  const lent = [`evidence/${stack}`, MACHINE_KEY_FILE].filter(
    (path) => existsSync(join(root, path)) && !existsSync(join(tree, path)),
  );
  for (const path of lent) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    cpSync(join(root, path), join(tree, path), { recursive: true });
  }
  return lent;
}

async function evaluateIn(tree: string, stack: string, ref: string): Promise<Plan> {
  const env = Object.fromEntries(
    ["PATH", "HOME", "TMPDIR", "LANG"].flatMap((name) => [[name, process.env[name]] as const]),
  );
  const { exitCode, stdout, stderr } = await x(
    process.execPath,
    ["cli/platform.mjs", "plan", "--stack", stack, "--json"],
    { nodeOptions: { cwd: tree, env: { ...emptied(), ...env } } },
  );
  if (exitCode !== 0)
    throw new Fault(
      `Stack ${stack} can't be planned at ${ref}:\n${stderr.trim() || `exit code ${exitCode ?? "none"}`}`,
    );
  try {
    return planSchema.parse(JSON.parse(stdout)) as Plan;
  } catch {
    throw new Fault(`What ${ref} prints for \`plan --json\` is no plan that this version can read.`);
  }
}

/** tinyexec lays its environment over this process's: what is not wanted has to be unset. */
function emptied(): { [name: string]: undefined } {
  return Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined]));
}
