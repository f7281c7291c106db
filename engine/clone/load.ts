import type Docker from "dockerode";

import { gateFacts } from "../../gates/json.ts";
import type { Plan } from "../../plan/plan.ts";
import { askServer } from "../ask-server.ts";
import { incomingOf } from "../update/copy.ts";
import { runHelper } from "../volume-helper.ts";

export interface LoadArgs {
  readonly docker: Docker;
  /** The stack that it comes to. */
  readonly to: Plan;
  /** Volumes with what was restored, and the database's name there. */
  readonly restored: { readonly postgres: string; readonly odoo: string; readonly database: string };
}

/**
 * Brings a restored database and its files beside those of a stack, as `<database>.incoming`. What the platform itself has
 * written into the stack's own database comes along; views for analysts are made anew by the stack's job.
 */
export async function loadIncoming({ docker, to, restored }: LoadArgs): Promise<void> {
  const { database } = gateFacts(to).settings.odoo;
  const incoming = await makeIncoming(docker, to);
  await runHelper(docker, to, {
    ...{ service: "postgres", user: "999:999", volume: "postgres-run" },
    script: LOAD,
    args: [restored.database, incoming, database],
    mounts: [`${restored.postgres}:/var/lib/postgresql`],
    // The restored cluster writes a certificate at its start, and its own socket.
    tmpfs: { "/run/postgres-ca": "rw,size=1m,mode=0700,uid=999,gid=999", "/tmp": "rw,size=64m,mode=1777" },
  });
  await copyFiles(docker, to, `${restored.odoo}:/restored:ro`, `/restored/filestore/${restored.database}`);
}

/** Makes an empty database to come in, anew. @returns its name. */
export async function makeIncoming(docker: Docker, to: Plan): Promise<string> {
  const incoming = incomingOf(gateFacts(to).settings.odoo.database);
  await askServer(docker, to, CREATE, { incoming });
  await askServer(docker, to, PREPARE, { connect: incoming });
  return incoming;
}

/** Brings a filestore beside that of a stack. @param mount of the volume that it is in, and its folder there. */
export async function copyFiles(docker: Docker, to: Plan, mount: string, folder: string): Promise<void> {
  const { database } = gateFacts(to).settings.odoo;
  await runHelper(docker, to, {
    ...{ service: "odoo", user: "100:101", volume: "odoo-filestore" },
    script: COPY_FILES,
    args: [folder, `/live/filestore/${incomingOf(database)}`],
    mounts: [mount],
  });
}

/** Removes what came in and was not taken. */
export async function forgetIncoming(docker: Docker, to: Plan): Promise<void> {
  const { database } = gateFacts(to).settings.odoo;
  await askServer(docker, to, 'DROP DATABASE IF EXISTS :"incoming" WITH (FORCE);', { incoming: incomingOf(database) });
  await runHelper(docker, to, {
    ...{ service: "odoo", user: "100:101", volume: "odoo-filestore" },
    script: 'rm -rf "/live/filestore/$1"',
    args: [incomingOf(database)],
  });
}

const CREATE = `
DROP DATABASE IF EXISTS :"incoming" WITH (FORCE);
CREATE DATABASE :"incoming" OWNER odoo_app TEMPLATE template0 ENCODING UTF8;
REVOKE CONNECT, TEMPORARY ON DATABASE :"incoming" FROM PUBLIC;`;

/** A dump says nothing of a changed function of an extension, and indexes are built with this one (docker/postgres/sql/40-odoo.sql). */
const PREPARE = `
CREATE EXTENSION unaccent SCHEMA public;
ALTER FUNCTION public.unaccent(text) IMMUTABLE;`;

/**
 * Lines of shell that copy what the platform itself has written into the stack's own database; `$to` says where the server
 * is. Views of Odoo read it, so it comes first.
 *
 * @param live database that has it. @param incoming database that gets it.
 */
export function copyOwnRecords(live: string, incoming: string): string {
  return `if [ -n "$(psql -XAtq $to -d "${live}" -c "SELECT to_regnamespace('monitoring')")" ]; then
    pg_dump $to -n monitoring "${live}" | psql -Xq $to -v ON_ERROR_STOP=1 -d "${incoming}" >/dev/null
  fi`;
}

/**
 * Starts the restored cluster on a socket of its own, and copies one database to the server behind the other socket. The
 * platform's own records come from where it goes to, first, since views of Odoo read them; event triggers belong to the
 * views for analysts.
 */
const LOAD = `
  platform-postgres serve -c unix_socket_directories=/tmp -c listen_addresses= -c max_connections=50 -c shared_buffers=128MB \
    -c archive_mode=on -c archive_command=false >/tmp/server.log 2>&1 &
  server=$!
  for _ in $(seq 300); do pg_isready -q -h /tmp && break; sleep 0.2; done
  pg_isready -q -h /tmp || { tail -3 /tmp/server.log >&2; exit 1; }
  to="-h /live -U postgres"
  dump=/var/lib/postgresql/clone
  rm -rf "$dump"
  ${copyOwnRecords("$3", "$2")}
  pg_dump -h /tmp -U postgres -Fd -j2 --compress=none -N bi -N monitoring -f "$dump" "$1"
  pg_restore -l "$dump" | grep -v ' EVENT TRIGGER ' >"$dump.list"
  pg_restore $to -j2 --exit-on-error -L "$dump.list" -d "$2" "$dump"
  rm -rf "$dump" "$dump.list"
  kill -INT "$server"
  wait "$server"
`;

const COPY_FILES = `
  rm -rf "$2"
  mkdir -p "$2"
  [ ! -d "$1" ] || cp -a "$1/." "$2"
`;
