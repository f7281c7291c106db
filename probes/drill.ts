import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type Docker from "dockerode";

import type { Say } from "../engine/engine.ts";
import { escrowOf, regionsOf } from "../engine/restore/regions.ts";
import type { RestoreReport } from "../engine/restore/report.ts";
import { restoreTest } from "../engine/restore/restore-test.ts";
import type { Plan } from "../plan/plan.ts";
import { openContext } from "./context.ts";
import { writeEvidence } from "./evidence-store.ts";
import { drills, everyRegion, judgeDrill, judgeRegions, judgeRestores, restoreTested } from "./restored.ts";
import { takeEvidence } from "./run.ts";
import type { Measurement, Probe } from "./probe.ts";

export interface DrillArgs {
  readonly root: string;
  readonly plan: Plan;
  readonly docker: Docker;
  /** Each is restored from as if the others were lost. */
  readonly regions: readonly string[];
  /** @default where this machine was told that it lies */
  readonly escrow?: string;
  readonly asOf?: string;
  readonly say: Say;
}

/**
 * Drills: brings everything back from each region in a scratch system, and leaves evidence of it: that the newest backup
 * can be restored (1.5), that a drill succeeded (5.4), and, when every region had its turn, that each holds (4.3).
 */
export async function drill({ root, plan, docker, regions, escrow, asOf, say }: DrillArgs): Promise<RestoreReport[]> {
  const reports: RestoreReport[] = [];
  for (const region of regions) {
    const report = await restoreTest({
      ...{ root, plan, region, kind: "drill" as const, say },
      escrow: escrow ?? escrowOf(root, plan),
      ...(asOf === undefined ? {} : { asOf }),
    });
    keep(root, report);
    reports.push(report);
  }
  await record(restoreTested, () => Promise.resolve(judgeRestores(reports.slice(0, 1), 1)));
  await record(drills, () => judgeDrill(reports, root));
  const all = regionsOf(plan).every((region) => regions.includes(region));
  if (all) await record(everyRegion, () => Promise.resolve(judgeRegions(reports, { plan })));
  return reports;

  async function record(probe: Probe, measure: () => Promise<Measurement>): Promise<void> {
    const { context, secretsRead } = openContext({ root, docker, plan });
    const { evidence } = await takeEvidence({ ...probe, measure }, context, { secretsRead });
    writeEvidence(root, evidence);
    say(`${evidence.task} ${evidence.holds ? "holds" : "does not hold"}: ${evidence.detail}`);
  }
}

/** The whole report, for whoever wants to know more than the evidence says. */
function keep(root: string, report: RestoreReport): void {
  const folder = join(root, ".platform", report.stack, "drills");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, `${report.id}.json`), `${JSON.stringify(report, null, 2)}\n`);
}
