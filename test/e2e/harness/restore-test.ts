import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { RestoreReport } from "../../../engine/restore/report.ts";
import { ROOT, run } from "./platform.ts";

/** Brings everything back from a region and an escrow file, with Docker alone; what was printed, and the report. */
export async function restoreTest(stack: string, region: string, escrow: string) {
  const folder = mkdtempSync(join(tmpdir(), "restore-test-"));
  const report = join(folder, "report.json");
  const args = ["--stack", stack, "--region", region, "--escrow", escrow, "--json", report];
  const { exitCode, stdout, stderr } = await run("bash", [join(ROOT, "scripts/backup/restore_test.sh"), ...args]);
  const found = existsSync(report) ? (JSON.parse(readFileSync(report, "utf8")) as Partial<RestoreReport>) : {};
  rmSync(folder, { recursive: true });
  return { exitCode, text: `${stdout}\n${stderr}`, report: found };
}
