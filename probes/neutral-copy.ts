import { z } from "zod";

import { askServer } from "../engine/ask-server.ts";
import { seeNeutral } from "../engine/clone/clone.ts";
import { messageOf } from "../engine/fault.ts";
import { planStack, stacksOf } from "../engine/stack-plan.ts";
import { runs } from "../engine/update/need.ts";
import { gateFacts } from "../gates/json.ts";
import { fromFaults, type Measurement, type Probe, type ProbeContext } from "./probe.ts";

/** After this a copy says little about production. */
const OLDEST_DAYS = 90;
const DAY_MS = 86_400_000;

const NEWEST = `
SELECT to_regclass('monitoring.clones') IS NOT NULL AS recorded \\gset
\\if :recorded
SELECT json_build_object('backup', backup_id, 'region', region, 'anonymised', anonymised, 'at', ended_at)
  FROM monitoring.clones WHERE from_stack = :'from' ORDER BY ended_at DESC LIMIT 1;
\\endif`;

const cloneSchema = z.object({
  backup: z.string(),
  region: z.string(),
  anonymised: z.boolean(),
  at: z.string(),
});

/** A stack on this machine that is a copy of another one. */
export interface FoundCopy extends z.output<typeof cloneSchema> {
  readonly stack: string;
  readonly egress: boolean;
  /** What is not harmless in what it serves now; undefined where every rule holds. */
  readonly harm: string | undefined;
}

/** Another stack that runs here was made from a backup of this one, and every rule of neutralisation holds in it now. */
export const neutralCopy: Probe = {
  task: "4.6",
  ttlDays: 30,
  needs: "machine",
  onDemand: true,
  measure: async (context) => judgeCopies(await copiesOf(context), context.stack, context.now),
};

/** They hold when the newest one is recent, harmless, and has no way out. */
export function judgeCopies(copies: readonly FoundCopy[], stack: string, now: Date): Measurement {
  const [newest] = [...copies].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const days = newest === undefined ? null : (now.getTime() - Date.parse(newest.at)) / DAY_MS;
  const faults =
    newest === undefined
      ? [`no stack that runs here is a copy of ${stack}; \`npm run platform -- clone --from ${stack}\` makes one`]
      : [
          ...(newest.harm === undefined ? [] : [`${newest.stack}: ${newest.harm}`]),
          ...(newest.egress ? [`${newest.stack} reaches what is outside`] : []),
          ...((days ?? 0) <= OLDEST_DAYS ? [] : [`${newest.stack} was made ${Math.floor(days ?? 0)} days ago`]),
        ];
  return fromFaults(faults, {
    measured: newest === undefined ? null : { ...newest, harm: newest.harm ?? null },
    limit: { days: OLDEST_DAYS, harm: null, egress: false },
    held: `${newest?.stack ?? ""} is a copy of ${newest?.backup ?? ""} from ${newest?.region ?? ""}, and every rule of neutralisation holds in it`,
  });
}

async function copiesOf({ root, docker, stack }: ProbeContext): Promise<FoundCopy[]> {
  const found: FoundCopy[] = [];
  // One after another: the program is evaluated once at a time in a process.
  for (const name of stacksOf(root).filter((one) => one !== stack)) {
    const plan = await planStack(name, { root });
    if (!(await runs(docker, plan, "postgres"))) continue;
    const { database, egress } = gateFacts(plan).settings.odoo;
    const said = await askServer(docker, plan, NEWEST, { connect: database, from: stack });
    if (said === "") continue;
    const clone = cloneSchema.parse(JSON.parse(said));
    const harm = await seeNeutral(docker, plan, clone.anonymised).then(
      () => undefined,
      (error: unknown) => messageOf(error),
    );
    found.push({ stack: name, egress, harm, ...clone });
  }
  return found;
}
