import { basename, dirname } from "node:path";

import type Docker from "dockerode";
import { pack } from "tar-fs";
import { z } from "zod";

import { gateFacts } from "../../gates/json.ts";
import { type Plan, textOf } from "../../plan/plan.ts";
import { copyFiles, copyOwnRecords, makeIncoming } from "../clone/load.ts";
import { plannedContainer, prefixOf } from "../docker.ts";
import { Fault } from "../fault.ts";
import { runHelper } from "../volume-helper.ts";
import { removeVolumes } from "../volumes.ts";

const seenSchema = z.object({
  /** Of Odoo. */
  version: z.string(),
  faults: z.array(z.string()),
  tables: z.int(),
  rows: z.int(),
  attachments: z.int(),
  /** Files that attachments have and that did not come. */
  missing: z.array(z.string()),
});

/** What came, compared with what was given. */
export type Seen = z.output<typeof seenSchema>;

/** A database and files of another Odoo, in a volume of their own beside a stack. */
export class Given {
  readonly #docker: Docker;
  readonly #plan: Plan;
  readonly #volume: string;
  /** `zip`: Odoo's own; `custom`: of pg_dump; `sql`: plain. */
  format = "";

  constructor(docker: Docker, plan: Plan) {
    this.#docker = docker;
    this.#plan = plan;
    this.#volume = `${prefixOf(plan)}-given`;
  }

  /**
   * Copies dump and files to where the stack is, and unpacks them there.
   *
   * @param files folder or archive; undefined where they are in the dump.
   * @throws Fault where they are none that can be read.
   */
  async take(dump: string, files: string | undefined): Promise<void> {
    await this.remove();
    await this.#docker.createVolume({
      Name: this.#volume,
      Labels: { "odoo-platform.stack": prefixOf(this.#plan) },
    });
    const carrier = await this.#docker.createContainer({
      Image: textOf(plannedContainer(this.#plan, "odoo"), "image"),
      Labels: { "odoo-platform.stack": prefixOf(this.#plan) },
      HostConfig: { Binds: [`${this.#volume}:/given`] },
    });
    try {
      await carrier.putArchive(packed(dump, "given"), { path: "/given" });
      if (files !== undefined) await carrier.putArchive(packed(files, "files"), { path: "/given" });
    } finally {
      await carrier.remove({ force: true, v: true });
    }
    const said = await this.#python("unpack");
    this.format = z.object({ format: z.string() }).parse(said).format;
  }

  /**
   * Makes a database and a filestore of them beside those of the stack, and compares every row and file with what was
   * given. Safe to repeat.
   */
  async load(): Promise<Seen> {
    const { database } = gateFacts(this.#plan).settings.odoo;
    const incoming = await makeIncoming(this.#docker, this.#plan);
    await runHelper(this.#docker, this.#plan, {
      ...{ service: "postgres", user: "999:999", volume: "postgres-run" },
      script: LOAD,
      args: [incoming, database],
      mounts: [`${this.#volume}:/given`],
    });
    const seen = seenSchema.parse(await this.#python("compare"));
    await copyFiles(this.#docker, this.#plan, `${this.#volume}:/given:ro`, "/given/filestore");
    return seen;
  }

  async remove(): Promise<void> {
    await removeVolumes(this.#docker, [this.#volume]);
  }

  /** With no right but that of the files' owner. */
  async #python(verb: string): Promise<unknown> {
    const said = await runHelper(this.#docker, this.#plan, {
      ...{ service: "odoo", user: "0:0", volume: "odoo-filestore" },
      script: 'PYTHONPATH=/opt/odoo-platform PYTHONDONTWRITEBYTECODE=1 python3 -m platform_odoo.incoming "$1" /given',
      args: [verb],
      mounts: [`${this.#volume}:/given`],
    }).catch((error: unknown) => {
      throw new Fault(`What was given can't be taken: ${String((error as Error).message).replace(/^\S+: /, "")}.`);
    });
    return JSON.parse(said.trim().split("\n").at(-1) ?? "");
  }
}

/** A file or a folder under another name, for everybody to read. */
function packed(path: string, name: string): ReturnType<typeof pack> {
  const own = basename(path);
  return pack(dirname(path), {
    entries: [own],
    dereference: true,
    map: (header) => ({
      ...header,
      name: name + header.name.slice(own.length),
      ...{ uid: 0, gid: 0, uname: "", gname: "" },
      mode: header.type === "directory" ? 0o755 : 0o644,
    }),
  });
}

/**
 * What a dump says besides its data, outside of tables' rows, that is not for a database of this platform: commands of
 * psql, owners and rights (those of the stack are given by its jobs), what only a superuser may. Extensions are made before.
 */
export const FILTER = String.raw`
  if ($rows) { print; $rows = 0 if $_ eq "\\.\n"; next }
  if ($left_out) { $left_out = !/;$/; next }
  $rows = 1 if /^COPY .* FROM stdin;$/;
  next if /^\\/;
  if (/^(GRANT|REVOKE|ALTER DEFAULT PRIVILEGES|COMMENT ON EXTENSION|CREATE (EXTENSION|EVENT TRIGGER|PUBLICATION|SUBSCRIPTION)) /i
    || /^ALTER .* OWNER TO / || /^(RE)?SET\s+(SESSION|ROLE|LOCAL)\b/i) { $left_out = !/;$/; next }
  print`;

/** Names of the extensions that a dump asks for. */
export const EXTENSIONS = String.raw`print "$1\n" if /^CREATE EXTENSION IF NOT EXISTS "?([\w-]+)"? /`;

/**
 * Runs as Odoo's role, which owns the database and nothing else. What the platform has written into the stack's own
 * database comes along, since views of Odoo read it. Extensions that this role may not make are none that Odoo needs:
 * administrators looked at the old server with them. The last dump tells what the server made of the first.
 */
const LOAD = `
  to="-h /live -U postgres"
  ${copyOwnRecords("$2", "$1")}
  cd /given
  rm -f loaded.sql
  if [ ! -e given.sql ]; then
    if [ "$(head -c 5 dump)" = PGDMP ]; then
      pg_restore --no-owner --no-acl -N monitoring -N bi -N platform -f given.sql dump
    else
      ln -s dump given.sql
    fi
  fi
  export PGOPTIONS="-c role=odoo_app -c synchronous_commit=off"
  for extension in $(perl -ne '${EXTENSIONS}' given.sql); do
    psql -Xq $to -d "$1" -c "CREATE EXTENSION IF NOT EXISTS \"$extension\" SCHEMA public" >/dev/null 2>&1 || true
  done
  perl -ne '${FILTER}' given.sql | psql -Xq $to -v ON_ERROR_STOP=1 -d "$1" >/dev/null
  unset PGOPTIONS
  psql -Xq $to -d "$1" -c ANALYZE
  pg_dump $to --data-only -N monitoring -N bi -N platform -f loaded.sql "$1"
`;
