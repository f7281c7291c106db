import type { Probe } from "./probe.ts";
import { runBlocks } from "./runbook.ts";

/** Every block of the page for the worst day runs: it loses rows, databases, regions and keys, and brings them back. */
export const drRunbook: Probe = {
  task: "1.8",
  ttlDays: 90,
  needs: "machine",
  onDemand: true,
  measure: (context) => runBlocks("docs/DR_RUNBOOK.md", context),
};
