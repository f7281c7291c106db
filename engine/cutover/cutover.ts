import { userInfo } from "node:os";

import type Docker from "dockerode";

import { gateFacts } from "../../gates/json.ts";
import type { Plan } from "../../plan/plan.ts";
import { askServer } from "../ask-server.ts";
import { backupNow, takesBackups } from "../backup.ts";
import { forgetIncoming } from "../clone/load.ts";
import { neutralizeIn } from "../clone/neutralize.ts";
import type { Say } from "../engine.ts";
import { Fault } from "../fault.ts";
import { keepCopy, reopen } from "../update/copy.ts";
import { serveCopy, serveIncoming } from "../update/incoming.ts";
import { rememberServed } from "../update/served.ts";
import { openSite } from "../update/site.ts";
import { Given, type Seen } from "./bring-in.ts";

export interface CutoverArgs {
  readonly root: string;
  readonly docker: Docker;
  /** The stack, which runs. */
  readonly plan: Plan;
  /** Odoo's own backup as a zip, or a dump of PostgreSQL. */
  readonly dump: string;
  /** Folder or archive with the filestore, where the dump has none. */
  readonly files: string | undefined;
  /** How many files of attachments may be missing: old systems have lost some. */
  readonly acceptMissing: number;
  /** Goes back once it is shown that both ways work. */
  readonly rehearseOnly: boolean;
  readonly say: Say;
}

export interface CutoverReport extends Omit<Seen, "faults"> {
  readonly format: string;
  /** Seconds for which nobody was let in: until what was imported served, and until what was before did again. */
  readonly rehearsal: { readonly closed: number; readonly back: number };
  /** Of the cutover itself; undefined where it was rehearsed only. */
  readonly closed?: number;
}

/**
 * Makes a stack serve the database and the files of another Odoo. They are imported beside what is served and compared
 * with what was given, row by row and file by file; the way there and the way back are rehearsed before; what was served
 * stays as a copy, which `rollback` puts back.
 *
 * @throws Fault where anything of it fails; then the stack serves what it served before.
 */
export async function cutOver(args: CutoverArgs): Promise<CutoverReport> {
  const { docker, plan, say, rehearseOnly } = args;
  const started = new Date();
  await reopen({ docker, plan });
  const given = new Given(docker, plan);
  try {
    say("copying what was given to where the stack is");
    await given.take(args.dump, args.files);
    const seen = await load(args, given);
    if (takesBackups(plan)) say(`${(await backupNow(docker, plan, "incr", true)).id} has what is served now`);
    const rehearsal = await rehearse(args);
    const report = { ...seen, format: given.format, rehearsal };
    if (rehearseOnly) return report;
    await load(args, given);
    const closed = await seconds(async () => {
      const copy = await serveIncoming(args, () => settle(args));
      await keepCopy({ docker, plan }, copy);
      await openSite(docker, plan);
    });
    rememberServed(args.root, plan);
    await record(args, { ...report, closed }, started);
    if (takesBackups(plan)) say(`${(await backupNow(docker, plan, "full", true)).id} has what was imported`);
    return { ...report, closed };
  } finally {
    await forgetIncoming(docker, plan);
    await given.remove();
  }
}

async function load({ plan, acceptMissing, say }: CutoverArgs, given: Given): Promise<Omit<Seen, "faults">> {
  say("importing it beside what is served, and comparing every row and file");
  const { faults: found, ...seen } = await given.load();
  const { missing } = seen;
  const faults = [
    ...found,
    ...(missing.length <= acceptMissing
      ? []
      : [
          `${missing.length} of ${seen.attachments} files of attachments are missing, such as ${missing[0] ?? ""}; take the filestore after the dump, or accept it with --accept-missing ${missing.length}`,
        ]),
  ];
  if (faults.length > 0) throw new Fault(`Nothing was changed in stack ${plan.stack}: ${faults.join("; ")}.`);
  say(
    `${seen.rows} rows of ${seen.tables} tables and ${seen.attachments - missing.length} files came as they were given`,
  );
  return seen;
}

/** There and back. What is thrown away reaches nobody meanwhile: mails and scheduled actions are the old system's. */
async function rehearse(args: CutoverArgs): Promise<CutoverReport["rehearsal"]> {
  const { docker, plan, say } = args;
  say("rehearsing: what was imported serves, neutralised, and goes again; nobody is let in meanwhile");
  const closed = await seconds(async () => {
    await serveIncoming(args, () => neutralizeIn(docker, plan, false));
  });
  const back = await seconds(() => serveCopy(args));
  say(`it served after ${closed.toFixed(0)} s, and what was before after ${back.toFixed(0)} s more`);
  return { closed, back };
}

/** Only production's own database may reach people. */
async function settle({ docker, plan }: CutoverArgs): Promise<void> {
  if (gateFacts(plan).settings.stage !== "production") await neutralizeIn(docker, plan, false);
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

const RECORD = `
INSERT INTO monitoring.cutovers (id, format, version, tables, rows, attachments, missing, rehearsal_seconds,
  rollback_seconds, closed_seconds, who, started_at, ended_at)
VALUES (:'id', :'format', :'version', :'tables', :'rows', :'attachments', :'missing', :'rehearsal', :'back', :'closed',
  :'who', :'started', now());`;

async function record({ docker, plan }: CutoverArgs, report: CutoverReport, started: Date): Promise<void> {
  const { format, version, tables, rows, attachments, missing, rehearsal, closed = 0 } = report;
  await askServer(docker, plan, RECORD, {
    connect: gateFacts(plan).settings.odoo.database,
    id: `cutover-${started.toISOString()}`,
    ...{ format, version, who: userInfo().username, started: started.toISOString() },
    ...{ tables: String(tables), rows: String(rows), attachments: String(attachments) },
    ...{ missing: String(missing.length), rehearsal: String(rehearsal.closed), back: String(rehearsal.back) },
    closed: String(closed),
  });
}
