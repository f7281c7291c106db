import type { Probe } from "./probe.ts";
import { runBlocks } from "./runbook.ts";

/**
 * Every block of the runbook runs. The page brings systems up, so this is measured on demand only: `verify --task 2.1`, or
 * the end-to-end tests.
 */
export const initRunbook: Probe = {
  task: "2.1",
  ttlDays: 30,
  needs: "machine",
  onDemand: true,
  measure: (context) => runBlocks("docs/DB_INIT_RUNBOOK.md", context),
};
