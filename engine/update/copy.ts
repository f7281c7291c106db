import type Docker from "dockerode";
import { z } from "zod";

import { gateFacts } from "../../gates/json.ts";
import type { Plan } from "../../plan/plan.ts";
import { Fault } from "../fault.ts";
import { runHelper } from "../volume-helper.ts";
import { askServer } from "../ask-server.ts";

/** What is left free on the disk besides the copy. */
const SPARE_BYTES = 256 * 1024 * 1024;

/** Name of the copy of a database, and of its files. */
export function copyOf(database: string): string {
  return `${database}.previous`;
}

/** Name under which a database comes in, and its files. */
export function incomingOf(database: string): string {
  return `${database}.incoming`;
}

const copySchema = z.object({
  /** `updating`: an update is under way, or was interrupted; `kept`: it is done, and can be taken back. */
  state: z.enum(["updating", "kept"]),
  at: z.iso.datetime(),
  /** The code that the copy was made under. */
  served: z.object({ image: z.string(), modules: z.array(z.string()) }),
});

/** A copy of Odoo's database and files as they were before an update. What it is stands in the database's comment. */
export type Copy = z.output<typeof copySchema>;

export interface CopyArgs {
  readonly docker: Docker;
  readonly plan: Plan;
}

/** The copy that there is; one that was not finished counts for none. */
export async function findCopy({ docker, plan }: CopyArgs): Promise<Copy | undefined> {
  const found = await askServer(docker, plan, FIND, names(plan));
  return found === "" ? undefined : copySchema.parse(JSON.parse(found));
}

/**
 * Lets Odoo into its database again, where something was killed while nobody was to enter. Quick, and harmless where all
 * is well.
 */
export async function reopen({ docker, plan }: CopyArgs): Promise<void> {
  await askServer(docker, plan, REOPEN, names(plan));
}

/**
 * Copies Odoo's database inside the server, and its files as links: they are never written to again, only made and
 * removed. Odoo must stand still. An older copy goes.
 *
 * @throws Fault where there is no room for it; then nothing was changed.
 */
export async function makeCopy(args: CopyArgs, copy: Copy): Promise<void> {
  const { docker, plan } = args;
  await askServer(docker, plan, FORGET, names(plan));
  await refuseWithoutRoom(args);
  await inFilestore(args, COPY_FILES);
  try {
    await askServer(docker, plan, COPY, { ...names(plan), copied: JSON.stringify(copy) });
  } finally {
    await reopen(args);
  }
}

/**
 * Puts an incoming database and its files in the place of those that are there, which become the copy. Odoo must stand
 * still.
 */
export async function replaceByIncoming(args: CopyArgs, copy: Copy): Promise<void> {
  const { docker, plan } = args;
  await askServer(docker, plan, FORGET, names(plan));
  await inFilestore(args, REPLACE_FILES);
  await askServer(docker, plan, REPLACE, { ...names(plan), copied: JSON.stringify(copy) });
}

/** Puts the copy in the place of what was copied, which is gone then. Odoo must stand still. Safe to repeat. */
export async function putBack(args: CopyArgs): Promise<void> {
  await inFilestore(args, PUT_BACK_FILES);
  await askServer(args.docker, args.plan, PUT_BACK, names(args.plan));
}

/** From here on the copy is there to be taken back by a person only. */
export async function keepCopy({ docker, plan }: CopyArgs, copy: Copy): Promise<void> {
  await askServer(docker, plan, TELL, { ...names(plan), copied: JSON.stringify({ ...copy, state: "kept" }) });
}

/** Removes the copy. */
export async function forgetCopy(args: CopyArgs): Promise<void> {
  await askServer(args.docker, args.plan, FORGET, names(args.plan));
  await inFilestore(args, 'rm -rf "$1/$2.previous"');
}

async function refuseWithoutRoom({ docker, plan }: CopyArgs): Promise<void> {
  const { db } = names(plan);
  const [needed = 0, free = 0] = (await askServer(docker, plan, ROOM, names(plan))).split("\n").map(Number);
  if (free >= needed + SPARE_BYTES) return;
  const mib = (bytes: number) => Math.ceil(bytes / 1024 / 1024);
  throw new Fault(
    `Database ${db} is copied before an update, which takes ${mib(needed)} MiB and ${mib(SPARE_BYTES)} to spare; the disk has ${mib(free)} MiB free. Make room, and repeat the command.`,
  );
}

function names(plan: Plan): { readonly db: string; readonly copy: string; readonly incoming: string } {
  const { database } = gateFacts(plan).settings.odoo;
  return { db: database, copy: copyOf(database), incoming: incomingOf(database) };
}

async function inFilestore({ docker, plan }: CopyArgs, script: string): Promise<void> {
  const args = ["/live/filestore", names(plan).db];
  await runHelper(docker, plan, { service: "odoo", user: "100:101", volume: "odoo-filestore", script, args });
}

const COPY_FILES = `
  rm -rf "$1/$2.previous" "$1/$2.copying"
  mkdir -p "$1/$2"
  cp -al "$1/$2" "$1/$2.copying"
  mv "$1/$2.copying" "$1/$2.previous"
`;

const REPLACE_FILES = `
  [ -d "$1/$2.incoming" ] || { echo "there is no $2.incoming" >&2; exit 1; }
  rm -rf "$1/$2.previous"
  mkdir -p "$1/$2"
  mv "$1/$2" "$1/$2.previous"
  mv "$1/$2.incoming" "$1/$2"
`;

const PUT_BACK_FILES = `
  if [ -d "$1/$2.previous" ]; then
    rm -rf "$1/$2"
    mv "$1/$2.previous" "$1/$2"
  fi
`;

const FIND = `
SELECT shobj_description(oid, 'pg_database') FROM pg_database
 WHERE datname = :'copy' AND shobj_description(oid, 'pg_database') IS NOT NULL;`;

const REOPEN = `
SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS true', datname)
  FROM pg_database WHERE datname = :'db' AND NOT datallowconn \\gexec`;

const CLOSE = `
SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS false', datname) FROM pg_database WHERE datname = :'db' \\gexec
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :'db' \\g /dev/null`;

const TELL = "COMMENT ON DATABASE :\"copy\" IS :'copied';";

/** File by file: through the log it would be written twice. The comment comes last, so that it tells a whole copy. */
const COPY = `${CLOSE}
CREATE DATABASE :"copy" TEMPLATE :"db" STRATEGY file_copy OWNER odoo_app ALLOW_CONNECTIONS false;
${TELL}`;

const REPLACE = `${CLOSE}
ALTER DATABASE :"db" RENAME TO :"copy";
${TELL}
ALTER DATABASE :"incoming" RENAME TO :"db";`;

const PUT_BACK = `${CLOSE}
DROP DATABASE IF EXISTS :"db" WITH (FORCE);
ALTER DATABASE :"copy" RENAME TO :"db";
COMMENT ON DATABASE :"db" IS NULL;
ALTER DATABASE :"db" ALLOW_CONNECTIONS true;`;

const FORGET = 'DROP DATABASE IF EXISTS :"copy" WITH (FORCE);';

/** Bytes of the database, and bytes that its disk has free: the server works in its data directory. */
const ROOM = `
CREATE TEMP TABLE disk (line text);
COPY disk FROM PROGRAM 'df -B1 --output=avail .';
SELECT pg_database_size(:'db');
SELECT trim(line) FROM disk WHERE line ~ '[0-9]';`;
