import type Docker from "dockerode";

import type { Say } from "../engine/engine.ts";
import { Fault } from "../engine/fault.ts";
import { replaceLive, undoRestore } from "../engine/restore/live.ts";
import { failedChecks, type RestoreReport } from "../engine/restore/report.ts";
import { keptVolumes, restoreTest, type Wanted } from "../engine/restore/restore-test.ts";
import { forgetBefore } from "../engine/restore/swap.ts";
import { removeVolumes } from "../engine/volumes.ts";
import { gateFacts } from "../gates/json.ts";
import type { Plan } from "../plan/plan.ts";
import { openContext } from "./context.ts";
import { ask, siteOf } from "./https.ts";

export interface StackArgs {
  readonly root: string;
  readonly plan: Plan;
  readonly docker: Docker;
  readonly say: Say;
}

export interface BringBackArgs extends StackArgs, Wanted {
  /** Checks that may fail. */
  readonly accept: readonly string[];
  /** Only into the scratch volumes, which stay. */
  readonly scratch: boolean;
}

/**
 * Restores a stack: into a scratch system, where everything is checked, then in place of what is served.
 *
 * @throws Fault where a check fails that wasn't accepted; then nothing was changed.
 */
export async function bringBack({
  accept,
  scratch,
  ...args
}: BringBackArgs): Promise<{ report: RestoreReport; downSeconds?: number }> {
  const { docker, plan, say } = args;
  const report = await restoreTest({ ...args, kind: "restore_test", keep: true });
  const failed = failedChecks(report, accept);
  if (failed.length > 0) {
    await removeVolumes(docker, keptVolumes(plan).all);
    throw new Fault(
      `Nothing was changed: ${failed.join(", ")} ${failed.length === 1 ? "does" : "do"} not hold in what was restored: ${report.detail}. ` +
        `Take another region, backup or moment; or --accept ${failed.join(" ")}, if that is better than what there is.`,
    );
  }
  if (scratch) {
    say(`restored into the volumes ${keptVolumes(plan).postgres} and ${keptVolumes(plan).odoo}; --forget removes them`);
    return { report };
  }
  const downSeconds = await replaceLive({ ...swapArgs(args, report), kept: keptVolumes(plan), prove: proof(args) });
  await removeVolumes(docker, keptVolumes(plan).all);
  return { report, downSeconds };
}

/** Puts back what was served before the last restore. */
export async function putBack(args: StackArgs): Promise<void> {
  await undoRestore({ ...swapArgs(args), kept: keptVolumes(args.plan), prove: proof(args) });
  args.say("what was served before the last restore is back");
}

/** Removes what was kept from before the last restore, and what a restore left in scratch. */
export async function removeKept(args: StackArgs): Promise<void> {
  await forgetBefore(swapArgs(args));
  await removeVolumes(args.docker, keptVolumes(args.plan).all);
  args.say("nothing is kept from before the last restore");
}

function swapArgs({ docker, plan, say }: StackArgs, report?: RestoreReport) {
  const planned = gateFacts(plan).settings.odoo.database;
  const database = report?.facts["database"] ?? planned;
  if (database !== planned)
    throw new Fault(
      `The backup is of database ${JSON.stringify(database)}, and stack ${plan.stack} serves ${planned}.`,
    );
  return { docker, plan, say, database: planned };
}

/** The login form renders over TLS through the edge. */
function proof({ root, docker, plan }: StackArgs): () => Promise<void> {
  return async () => {
    const { context } = openContext({ root, docker, plan });
    const site = await siteOf(context, context.settings.edge.hosts.odoo);
    const { status, body } = await ask(site, "/web/login");
    if (status !== 200 || !body.includes('name="password"'))
      throw new Fault(`${site.url}/web/login answers ${status} and shows no login form`);
  };
}
