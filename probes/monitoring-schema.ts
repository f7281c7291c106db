import { fromFaults, type Measurement, type Probe } from "./probe.ts";
import { askPostgres } from "./psql.ts";

/** What the newest rows of the schema `monitoring` say; ages in seconds, null where there is no row. */
export interface Recorded {
  readonly heartbeat: number | null;
  readonly backup: number | null;
  readonly drill: number | null;
  readonly gates: number;
}

/** Oldest that each may be: a heartbeat comes every few seconds, a backup every day, a drill every quarter. */
const OLDEST_SECONDS = { heartbeat: 60, backup: 26 * 3600, drill: 90 * 24 * 3600 } as const;
const PHASES = 8;

const SQL = `
SELECT json_build_object(
  'heartbeat', (SELECT extract(epoch FROM now() - max(at)) FROM monitoring.heartbeat),
  'backup', (SELECT extract(epoch FROM now() - max(ended_at)) FROM monitoring.backups WHERE status = 'ok'),
  'drill', (SELECT extract(epoch FROM now() - max(ended_at)) FROM monitoring.drills WHERE holds),
  'gates', (SELECT count(*) FROM monitoring.gates));`;

/** What dashboards and alerts read is there, and is of now. A new system has no drill yet: measured when it is asked for. */
export const monitoringSchema: Probe = {
  task: "5.3",
  ttlDays: 7,
  needs: "system",
  onDemand: true,
  measure: async (context) => judgeRecorded(await askPostgres<Recorded>(context, context.settings.odoo.database, SQL)),
};

/** Decides from the newest rows. */
export function judgeRecorded(recorded: Recorded): Measurement {
  const faults = [
    ...(["heartbeat", "backup", "drill"] as const).flatMap((kind) => {
      const age = recorded[kind];
      if (age === null) return [`no ${kind} is on record`];
      return age > OLDEST_SECONDS[kind] ? [`the newest ${kind} is ${Math.round(age)} s old`] : [];
    }),
    ...(recorded.gates === PHASES ? [] : [`verdicts of ${recorded.gates} phases are on record, of ${PHASES}`]),
  ];
  return fromFaults(faults, {
    measured: { ...recorded },
    limit: { ...OLDEST_SECONDS, gates: PHASES },
    held: `heartbeat, backup and drill are in time, and the verdicts of ${PHASES} phases are on record`,
  });
}
