import type { Command } from "commander";
import { Listr } from "listr2";
import pc from "picocolors";

import { rememberEngine } from "../engine/choose.ts";
import type { Changes } from "../engine/engine.ts";
import { withLock } from "../engine/lock.ts";
import { planStack } from "../engine/stack-plan.ts";
import { deploy } from "../engine/update/update.ts";
import { gateFacts } from "../gates/json.ts";
import { phaseTable } from "../gates/report.ts";
import { runProbes } from "../probes/run.ts";
import type { StackOutputs } from "../stacks/outputs.ts";
import { publishVerdicts, publishFindings } from "./publish.ts";
import { prepare, projectRoot, type Ready, type StackOptions, withEngine, withStack } from "./context.ts";

export interface UpOptions extends StackOptions {
  /** Keeps the copy from before an update. */
  readonly keep?: boolean;
  readonly engine?: string;
  readonly verify: boolean;
}

export function register(command: Command): void {
  withEngine(withStack(command))
    .option("--no-verify", "leave out the live checks that write evidence")
    .addHelpText("after", "\nExample:\n  npm run up\n  npm run platform -- up --stack staging")
    .action(async (options: UpOptions) => {
      await withLock(projectRoot(), options.stack, () => up(options));
    });
}

interface Progress {
  ready: Ready;
  changes: Changes;
  repaired: readonly string[];
}

/** policies → preflight → toolchain → images → plan → policies → deploy → database → verify → report. Converges from wherever it stopped. */
export async function up({ stack, engine, verify, keep = false }: UpOptions): Promise<void> {
  const started = performance.now();
  const tasks = new Listr<Progress, "default" | "simple">(
    [
      {
        title: "Prepare: configuration, policies, Docker Engine, images",
        task: async (context, task) => {
          context.ready = await prepare(stack, engine, (line) => (task.output = line));
          task.title = `Prepared: ${context.ready.engine.description}, because ${context.ready.reason}`;
        },
      },
      {
        title: "Deploy",
        task: async (context, task) => {
          const { engine, root } = context.ready;
          rememberEngine(root, stack, engine.name);
          const say = (line: string) => (task.output = line);
          context.changes = await deploy({ ...context.ready, keep, say });
          const { services } = context.changes;
          task.title = services.length === 0 ? "Deployed: nothing to change" : `Deployed: ${services.join(", ")}`;
        },
      },
      {
        title: "Verify",
        enabled: verify,
        task: async (context, task) => {
          context.repaired = await prove(context, (line) => (task.output = line));
          const { engine, root } = context.ready;
          await publishVerdicts(engine, { root, stack }, (line) => (task.output = line));
          await publishFindings(context.ready, (line) => (task.output = line));
          task.title =
            context.repaired.length === 0 ? "Verified" : `Verified, after mending ${context.repaired.join(", ")}`;
        },
      },
    ],
    { renderer: process.stdout.isTTY && process.env["CI"] === undefined ? "default" : "simple", concurrent: false },
  );
  const context = await tasks.run({ repaired: [] } as unknown as Progress);
  await report(context, started);
}

/**
 * Takes evidence: all of it after a change, else what is quick to measure and what is missing or stale. What was altered
 * by hand is made anew and measured again.
 */
async function prove({ ready, changes }: Progress, say: (line: string) => void): Promise<readonly string[]> {
  const { root, docker, plan, engine } = ready;
  const scope = changes.services.length > 0 ? "all" : "quick";
  const results = await runProbes({ root, docker, plan, scope, say });
  const mends = [...new Set(results.filter(({ holds }) => !holds).flatMap(({ mends }) => mends))];
  if (mends.length === 0) return [];
  say(`mending ${mends.join(", ")}`);
  await engine.replace(plan, mends, say);
  await runProbes({ root, docker, plan, scope, say });
  return mends;
}

async function report({ ready, changes, repaired }: Progress, started: number): Promise<void> {
  const { root, plan, engine, reason } = ready;
  const { outputs } = await planStack(plan.stack, { root });
  const { urls, phase0, phase1, phase2, phase3, phase4, phase5, phase6, phase7, overall } =
    outputs as unknown as StackOutputs;
  const changed = changes.services.length + repaired.length;
  const print = (line = "") => process.stdout.write(`${line}\n`);
  print();
  print(phaseTable([phase0, phase1, phase2, phase3, phase4, phase5, phase6, phase7], overall));
  print();
  print(`${pc.bold("Odoo")}      ${urls.odoo}   (log in as admin)`);
  if (urls.status !== undefined) print(`${pc.bold("Status")}    ${urls.status}`);
  print(`${pc.bold("Password")}  ${engine.whereIs("odoo-admin-password")}`);
  const { odoo, identity } = gateFacts(plan).settings;
  if (identity?.kind === "keycloak")
    print(`${pc.bold("Sign-on")}   as admin, by ${engine.whereIs("identity-admin-password")} and a second factor`);
  const { heldBecause } = odoo;
  if (heldBecause !== undefined) print(`${pc.bold("Held")}      at older code of Odoo: ${heldBecause}`);
  print(`${pc.bold("Engine")}    ${engine.name} (${engine.description}), because ${reason}`);
  print(
    `${pc.bold("Changes")}   ${changed === 0 ? "none" : [...changes.services, ...repaired].join(", ")}; ${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
}
