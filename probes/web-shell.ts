import { setTimeout as sleep } from "node:timers/promises";

import { ask, siteOf } from "./https.ts";
import { fromFaults, type Probe, type ProbeContext } from "./probe.ts";
import { askPostgres, literal } from "./psql.ts";

/** What asks for a socket of the terminal. */
const SOCKET = {
  ...{ upgrade: "websocket", connection: "Upgrade", "sec-websocket-version": "13" },
  ...{ "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-protocol": "tty" },
};
const WHO = "probe";
const TABLE = "bi.web_shell_probe";

/** A request that must stay outside, and the answer that it must get. */
interface Door {
  readonly name: string;
  readonly path: string;
  readonly status: number;
  readonly method?: string;
  readonly headers?: { readonly [name: string]: string };
}

/** Requests of who is not signed on, at the edge. */
function doors(url: string): Door[] {
  return [
    { name: "a program without a cookie", path: "/token", status: 401 },
    { name: "a made-up cookie", path: "/token", status: 401, headers: { cookie: "__Host-sign-on=AAAA" } },
    ...["Remote-User", "REMOTE_USER", "Remote.User", "X-Forwarded-User", "Remote-Session"].map((header) => ({
      name: `a client that says who it is by ${header}`,
      path: "/token",
      status: 401,
      headers: { [header]: "admin" },
    })),
    { name: "a socket without a cookie", path: "/ws", status: 401, headers: { ...SOCKET, origin: url } },
    {
      name: "a socket of another site",
      path: "/ws",
      status: 403,
      headers: { ...SOCKET, origin: "https://elsewhere.example" },
    },
    { name: "a form", path: "/", status: 405, method: "POST" },
    { name: "a path of nobody", path: "/auth/session/AAAAAAAAAAAAAAAAAAAAAA", status: 404 },
    { name: "a path with a trick", path: "/%2e%2e/token", status: 404 },
    { name: "a browser", path: "/", status: 302, headers: { accept: "text/html" } },
  ];
}

/** What somebody in a terminal could reach for, as shell conditions that must be false. */
const REACHES = {
  "the relying party": "timeout 2 bash -c '</dev/tcp/sign-on/9080'",
  "the edge": "timeout 2 bash -c '</dev/tcp/edge/8443'",
  "the world": "timeout 2 bash -c '</dev/tcp/1.1.1.1/443'",
  "the recordings": "test -e /var/lib/recordings",
  "the gate's key": "test -r /run/gate/key",
  "the Docker Engine": "test -e /var/run/docker.sock",
  "its own program": "test -w /usr/local/bin/terminal-run",
} as const;

/**
 * Who isn't signed on stays outside, by whatever way they come; a terminal opens for who may, reads and cannot write as a
 * reader, and reaches nothing that would undo its record; and that record lies in every region.
 */
export const webShell: Probe = {
  task: "4.4",
  ttlDays: 7,
  needs: "system",
  measure: async (context) => {
    const { webShell: shell, edge, vault } = context.settings;
    if (shell === undefined || edge.hosts.shell === undefined)
      return fromFaults(["there is no web shell; set identity.enabled and shell.enabled"], {
        measured: null,
        limit: "a web shell",
        held: "",
      });
    const outside = await findOpenDoors(context, edge.hosts.shell);
    const session = await openSession(context);
    const reached = await findReached(context);
    const shipped = await findMissingCopies(context);
    const faults = [
      ...outside,
      ...findSessionFaults(session),
      ...reached,
      ...(vault === undefined ? ["there is no vault, so that records stay where they were made"] : shipped),
    ];
    return fromFaults(faults, {
      measured: { ...session, doors: doors("").length, terminals: Object.keys(shell.terminals) },
      limit: { doorsOpen: 0, reached: 0, recorded: true, ended: true },
      held: `${doors("").length} ways in are shut without a sign-on; a reader's terminal reads and can't write; its record is in every region, and out of its reach`,
    });
  },
};

async function findOpenDoors(context: ProbeContext, host: string): Promise<string[]> {
  const site = await siteOf(context, host);
  const answers = await Promise.all(
    doors(site.url).map(async ({ name, path, status, method = "GET", headers = {} }) => {
      const answer = await ask(site, path, { method, headers });
      if (answer.status !== status) return [`${name} is answered ${answer.status}, not ${status}`];
      const to = answer.headers.location;
      return status === 302 && to !== "/auth/login" ? [`${name} is sent to ${String(to)}`] : [];
    }),
  );
  return answers.flat();
}

/** What a session of the reader's terminal showed, and what is known of it afterwards. */
export interface Session {
  readonly read: boolean;
  readonly wrote: boolean;
  readonly banner: boolean;
  readonly recorded: boolean;
  readonly ended: boolean;
}

export function findSessionFaults(session: Session): string[] {
  const wanted: Session = { read: true, wrote: false, banner: true, recorded: true, ended: true };
  const texts: { readonly [fact in keyof Session]: string } = {
    read: "the reader's terminal doesn't read the views",
    wrote: "the reader's terminal writes",
    banner: "a terminal doesn't say which stage it is of",
    recorded: "what a terminal showed is not in its record",
    ended: "a session is not on record with its begin and its end",
  };
  return Object.entries(texts).flatMap(([fact, text]) =>
    session[fact as keyof Session] === wanted[fact as keyof Session] ? [] : [text],
  );
}

/** Opens the reader's terminal as who works at the machine does, and reads and writes in it. */
async function openSession(context: ProbeContext): Promise<Session> {
  const { exec, settings } = context;
  // Upper case comes from the database alone: what is typed is echoed.
  const marker = `x${context.now.getTime().toString(36)}`;
  const shown = marker.toUpperCase();
  const typed = [
    "echo report; sleep 3",
    `echo "SELECT upper('${marker}');"; sleep 1`,
    // Its sessions begin as read-only ones, which it can change; its rights it can't.
    `echo 'SET default_transaction_read_only = off; CREATE TABLE ${TABLE} (a int);'; sleep 1`,
    String.raw`echo '\q'; sleep 1`,
  ].join("; ");
  const { stdout } = await exec("shell-gate", ["bash", "-c", `{ ${typed}; } | platform-shell session --as ${WHO}`], {
    env: ["TERM=xterm-256color"],
  });
  const records = await exec("shell-gate", ["bash", "-c", `grep -l ${shown} /var/lib/recordings/*.cast`]);
  const recording = records.stdout.trim();
  const { wrote, ended } = await askPostgres<{ wrote: boolean; ended: boolean }>(
    context,
    settings.postgres.database,
    `SELECT json_build_object(
      'wrote', to_regclass(${literal(TABLE)}) IS NOT NULL,
      'ended', EXISTS (SELECT FROM monitoring.sessions WHERE who = ${literal(`local:${WHO}`)} AND kind = 'report'
        AND recording = ${literal(recording)} AND ended_at >= started_at));`,
  );
  return {
    read: stdout.includes(shown),
    wrote: wrote || !stdout.includes("permission denied"),
    banner: stdout.includes(settings.webShell?.stage.toUpperCase() ?? "no stage"),
    recorded: recording !== "",
    ended,
  };
}

async function findReached({ exec, settings }: ProbeContext): Promise<string[]> {
  const faults = await Promise.all(
    Object.keys(settings.webShell?.terminals ?? {}).map(async (service) => {
      const script = Object.entries(REACHES).map(([what, test]) => `{ ${test}; } 2>/dev/null && echo '${what}'`);
      // Alone it proves nothing: the database must be in reach.
      const control = "timeout 2 bash -c '</dev/tcp/postgres/5432' && echo control";
      const { stdout } = await exec(service, ["bash", "-c", [control, ...script, "true"].join("\n")]);
      const found = stdout.trim().split("\n");
      return [
        ...(found.includes("control") ? [] : [`${service} doesn't reach the database, so that nothing is proved`]),
        ...found.filter((what) => what !== "control" && what !== "").map((what) => `${service} reaches ${what}`),
      ];
    }),
  );
  return faults.flat();
}

/** Regions that get no copy of the records. */
async function findMissingCopies({ exec, settings }: ProbeContext): Promise<string[]> {
  const copy = () => exec("backup", ["platform-backup", "recordings"], { timeoutSeconds: 50 });
  let { stdout, stderr } = await copy();
  // The service takes a snapshot every minute, one at a time.
  for (let tries = 0; tries < 15 && stderr.includes("is at work"); tries += 1) {
    await sleep(2000);
    ({ stdout, stderr } = await copy());
  }
  const regions = settings.backup?.regions ?? [];
  if (!stdout.startsWith("{")) return [`records are not copied: ${stderr.trim().split("\n").at(-1) ?? ""}`];
  const { snapshots } = JSON.parse(stdout) as { snapshots: { readonly [region: string]: string } };
  return regions.filter((region) => !(region in snapshots)).map((region) => `${region} has no copy of the records`);
}
