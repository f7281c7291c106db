import type Docker from "dockerode";

import { gateFacts } from "../gates/json.ts";
import type { PhaseVerdict } from "../plan/phase.ts";
import type { Plan } from "../plan/plan.ts";
import { askServer } from "./ask-server.ts";

/** One row for each phase, of the newest verdict: `monitoring.gates`. Rows come as JSON, in the variable `rows`. */
const RECORD = `
INSERT INTO monitoring.gates (phase, status, passed, total, at)
SELECT phase, status, passed, total, at
  FROM json_to_recordset((:'rows')::json) AS verdict (phase int, status text, passed int, total int, at timestamptz)
    ON CONFLICT (phase) DO UPDATE
   SET status = excluded.status, passed = excluded.passed, total = excluded.total, at = excluded.at;`;

export interface RecordArgs {
  readonly docker: Docker;
  readonly plan: Plan;
  readonly phases: readonly Pick<PhaseVerdict, "phase" | "verdict" | "passed" | "total">[];
  readonly now: Date;
}

/**
 * Writes the verdict on each phase into schema `monitoring` of the stack's database, where dashboards and alerts read it.
 *
 * @throws Error with the server's message; or the Engine's, where the database does not run.
 */
export async function recordGates({ docker, plan, phases, now }: RecordArgs): Promise<void> {
  const { database } = gateFacts(plan).settings.postgres;
  const at = now.toISOString();
  const rows = phases.map(({ phase, verdict, passed, total }) => ({ phase, status: verdict, passed, total, at }));
  await askServer(docker, plan, RECORD, { connect: database, rows: JSON.stringify(rows) });
}
