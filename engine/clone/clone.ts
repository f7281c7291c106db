import { userInfo } from "node:os";

import type Docker from "dockerode";
import { z } from "zod";

import { gateFacts } from "../../gates/json.ts";
import type { Plan } from "../../plan/plan.ts";
import { askServer } from "../ask-server.ts";
import { containerName, execIn, plannedContainer } from "../docker.ts";
import type { Say } from "../engine.ts";
import { Fault } from "../fault.ts";
import { failedChecks, type RestoreReport } from "../restore/report.ts";
import { keptVolumes, restoreTest, type Wanted } from "../restore/restore-test.ts";
import { forgetCopy, reopen } from "../update/copy.ts";
import { serveIncoming } from "../update/incoming.ts";
import { openSite } from "../update/site.ts";
import { removeVolumes } from "../volumes.ts";
import { forgetIncoming, loadIncoming } from "./load.ts";
import { neutralizeIn } from "./neutralize.ts";

export interface CloneArgs {
  readonly root: string;
  readonly docker: Docker;
  /** Whose backup. */
  readonly from: Plan;
  /** Where it goes, which runs. */
  readonly to: Plan;
  /** Which backup, and from where. */
  readonly wanted: Wanted;
  /** Takes personal data away, too. */
  readonly anonymise: boolean;
  readonly say: Say;
}

/**
 * Makes a stack a neutralised copy of another one: from a backup that is restored and checked first, never from what is
 * served. Nobody is let in before every rule of neutralisation holds; where anything fails, what was served before is
 * served again.
 *
 * @throws Fault where the stack may not be one, the backup does not hold, or the copy is not harmless.
 */
export async function cloneStack(args: CloneArgs): Promise<RestoreReport> {
  const { docker, from, to, say } = args;
  refuse(from, to);
  const started = new Date();
  const report = await restored(args);
  try {
    say("copying what was restored beside what is served");
    await reopen({ docker, plan: to });
    const { database } = z.object({ database: z.string() }).parse(report.facts);
    await loadIncoming({ docker, to, restored: { ...keptVolumes(from), database } });
    await swap(args);
    await record(args, report, started);
  } finally {
    await forgetIncoming(docker, to);
    await removeVolumes(docker, keptVolumes(from).all);
  }
  return report;
}

/** @throws Fault where the copy would be served as the original, or could reach anybody. */
function refuse(from: Plan, to: Plan): void {
  const { stage, odoo } = gateFacts(to).settings;
  const why =
    from.stack === to.stack
      ? "it would be a copy of itself"
      : stage === "production"
        ? "its stage is production, which serves the original"
        : odoo.egress
          ? "its Odoo reaches what is outside (odoo.egress)"
          : undefined;
  if (why !== undefined) throw new Fault(`Stack ${to.stack} can't be made a copy of ${from.stack}: ${why}.`);
}

async function restored({ root, docker, from, to, say, wanted }: CloneArgs): Promise<RestoreReport> {
  const report = await restoreTest({ root, plan: from, kind: "restore_test", keep: true, say, ...wanted });
  const failed = failedChecks(report);
  if (failed.length === 0) return report;
  await removeVolumes(docker, keptVolumes(from).all);
  throw new Fault(
    `Nothing was changed in stack ${to.stack}: ${failed.join(", ")} ${failed.length === 1 ? "does" : "do"} not hold in the backup of ${from.stack}: ${report.detail}.`,
  );
}

async function swap({ root, docker, to: plan, anonymise, say }: CloneArgs): Promise<void> {
  // Nobody is let in before every rule holds.
  await serveIncoming({ root, docker, plan, say }, async () => {
    say("the copy is neutralised before anything of it is served");
    await neutralizeIn(docker, plan, anonymise);
  });
  await forgetCopy({ docker, plan });
  await openSite(docker, plan);
}

/** Does every rule hold in what a stack serves? What it says. @throws Fault with those that don't. */
export async function seeNeutral(docker: Docker, plan: Plan, anonymised: boolean): Promise<string> {
  const container = containerName(plannedContainer(plan, "odoo"));
  const verb = ["platform-odoo", "neutral", ...(anonymised ? ["--anonymised"] : [])];
  const { exitCode, stdout, stderr } = await execIn(docker, container, verb);
  if (exitCode !== 0) throw new Fault(stderr.trim());
  return stdout.trim();
}

const RECORD = `
INSERT INTO monitoring.clones (id, from_stack, backup_id, region, who, anonymised, started_at, ended_at, detail)
VALUES (:'id', :'from', :'backup', :'region', :'who', :'anonymised', :'started', now(), :'detail');`;

async function record({ docker, from, to, anonymise }: CloneArgs, report: RestoreReport, started: Date): Promise<void> {
  await askServer(docker, to, RECORD, {
    connect: gateFacts(to).settings.odoo.database,
    id: `clone-${started.toISOString()}`,
    ...{ from: from.stack, backup: report.backup_id, region: report.region, anonymised: String(anonymise) },
    ...{ who: userInfo().username, started: started.toISOString(), detail: report.detail },
  });
}
