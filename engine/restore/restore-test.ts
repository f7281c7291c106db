import { existsSync } from "node:fs";
import { join } from "node:path";

import { x } from "tinyexec";

import { type Plan, resourcesOf, textOf, TYPES } from "../../plan/plan.ts";
import { prefixOf } from "../docker.ts";
import type { Say } from "../engine.ts";
import { Fault } from "../fault.ts";
import { parseReport, type RestoreReport } from "./report.ts";

const SCRIPT = "scripts/backup/restore_test.sh";

/** Which moment to bring back, and from where. */
export interface Wanted {
  readonly region: string;
  /** Path of the file that the operator keeps. */
  readonly escrow: string;
  /** ISO time. @default the newest that the region holds */
  readonly at?: string;
  /** Id of a backup, whose end is brought back. */
  readonly backup?: string;
  /** Reads the region as it was then, whatever was deleted or overwritten since. */
  readonly asOf?: string;
  /** Moment of the loss, from which what is lost is measured. @default now */
  readonly lostAt?: string;
  /** Most seconds that may be lost. @default the script's: 300 */
  readonly rpoSeconds?: number;
}

export interface RestoreTestArgs extends Wanted {
  readonly root: string;
  readonly plan: Plan;
  readonly kind: RestoreReport["kind"];
  /** Leaves the volumes with the restored data: `<prefix>-restore-postgres` and `<prefix>-restore-odoo`. @default false */
  readonly keep?: boolean;
  readonly say: Say;
}

/**
 * Restores from one region into a scratch system and checks everything, by the very script that a person runs by hand
 * with Docker alone.
 *
 * @throws Fault where it could not be tried; a restore that failed is a report that doesn't hold.
 */
export async function restoreTest({
  root,
  plan,
  kind,
  keep = false,
  say,
  ...wanted
}: RestoreTestArgs): Promise<RestoreReport> {
  if (!existsSync(wanted.escrow))
    throw new Fault(
      `There is no escrow file ${wanted.escrow}. Name the one that was kept with --escrow FILE, or in PLATFORM_ESCROW.`,
    );
  const child = x("bash", [join(root, SCRIPT), ...scriptArguments({ plan, kind, keep, ...wanted })], {
    nodeOptions: { cwd: root, env: { ...process.env, ...imageVariables(plan) } },
  });
  child.process?.stderr?.on("data", (chunk: Buffer) => {
    for (const line of chunk.toString("utf8").split("\n")) if (line.startsWith("restore: ")) say(line.slice(9));
  });
  const { exitCode, stdout, stderr } = await child;
  if (stdout.trim() === "") {
    const why = stderr.trim().split("\n").slice(-3).join(" ");
    throw new Fault(
      `The restore ended with exit code ${exitCode ?? "none"} and no report: ${why}`,
      exitCode === 2 ? 2 : 1,
    );
  }
  return parseReport(stdout);
}

/** Arguments of the script. */
export function scriptArguments({
  plan,
  kind,
  keep,
  ...wanted
}: Wanted & { readonly plan: Pick<Plan, "stack">; readonly kind: string; readonly keep: boolean }): string[] {
  const option = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [name, String(value)];
  return [
    ...["--stack", plan.stack, "--region", wanted.region, "--escrow", wanted.escrow, "--kind", kind],
    ...option("--at", wanted.at),
    ...option("--backup", wanted.backup),
    ...option("--as-of", wanted.asOf),
    ...option("--lost-at", wanted.lostAt),
    ...option("--rpo", wanted.rpoSeconds),
    ...(keep ? ["--keep"] : []),
  ];
}

/** The plan's own images: on a new host no container tells which they are. */
export function imageVariables(plan: Plan): Record<string, string> {
  return Object.fromEntries(
    resourcesOf(plan, TYPES.image).map((image) => [
      `${image.name.toUpperCase().replaceAll("-", "_")}_IMAGE`,
      textOf(image, "imageName"),
    ]),
  );
}

/** Names of the volumes that a restore with `keep` leaves. */
export function keptVolumes(plan: Plan): {
  readonly postgres: string;
  readonly odoo: string;
  readonly all: readonly string[];
} {
  const prefix = `${prefixOf(plan)}-restore`;
  return {
    postgres: `${prefix}-postgres`,
    odoo: `${prefix}-odoo`,
    all: ["postgres", "odoo", "exchange", "ca", "secrets"].map((role) => `${prefix}-${role}`),
  };
}
