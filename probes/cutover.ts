import { z } from "zod";

import { askServer } from "../engine/ask-server.ts";
import { gateFacts } from "../gates/json.ts";
import { fromFaults, type Measurement, type Probe } from "./probe.ts";

const NEWEST = `
SELECT to_regclass('monitoring.cutovers') IS NOT NULL AS recorded \\gset
\\if :recorded
SELECT json_build_object('format', format, 'version', version, 'tables', tables, 'rows', rows, 'attachments', attachments,
    'missing', missing, 'rehearsal', rehearsal_seconds, 'back', rollback_seconds, 'closed', closed_seconds, 'at', ended_at)
  FROM monitoring.cutovers ORDER BY ended_at DESC LIMIT 1;
\\endif`;

const cutoverSchema = z.object({
  format: z.string(),
  version: z.string(),
  tables: z.int(),
  rows: z.int(),
  attachments: z.int(),
  missing: z.int(),
  rehearsal: z.number(),
  back: z.number(),
  closed: z.number(),
  at: z.string(),
});

/** The newest cutover that a stack has on record. */
export type Cutover = z.output<typeof cutoverSchema>;

/** What the stack serves was imported whole from another Odoo, and the way back was rehearsed before. */
export const cutover: Probe = {
  task: "6.3",
  ttlDays: 365,
  needs: "system",
  onDemand: true,
  measure: async ({ docker, plan }) => {
    const said = await askServer(docker, plan, NEWEST, { connect: gateFacts(plan).settings.odoo.database });
    return judgeCutover(said === "" ? undefined : cutoverSchema.parse(JSON.parse(said)));
  },
};

/** It holds when something came, all of it. */
export function judgeCutover(found: Cutover | undefined): Measurement {
  const faults =
    found === undefined
      ? ["no cutover is on record; `npm run platform -- cutover --dump FILE` does it"]
      : [
          ...(found.rows > 0 ? [] : ["nothing was imported"]),
          ...(found.missing === 0
            ? []
            : [`${found.missing} of ${found.attachments} files of attachments did not come, which was accepted`]),
        ];
  return fromFaults(faults, {
    measured: found ?? null,
    limit: { missing: 0 },
    held: `${found?.rows ?? 0} rows of ${found?.tables ?? 0} tables and ${found?.attachments ?? 0} files came as they were given; the way back was rehearsed in ${Math.round(found?.back ?? 0)} s, and nobody was let in for ${Math.round(found?.closed ?? 0)} s`,
  });
}
