import type { ProbeContext } from "./probe.ts";

/** Something to try in a session. */
export interface Attempt {
  readonly key: string;
  /** One statement, without its semicolon. It is rolled back. */
  readonly sql: string;
  /** Statement that prepares it, in the same transaction; its fault makes the attempt fail too. */
  readonly before?: string;
  /** Can't run in a transaction; must be harmless where it succeeds. @default false */
  readonly bare?: boolean;
}

/** A login, and what to try in it. */
export interface Session {
  /** Attempt to log in. Keys have no spaces. */
  readonly key: string;
  /** Host name for TCP, a folder for the socket. */
  readonly host: "postgres" | "/run/postgresql";
  readonly sslmode: "disable" | "require" | "verify-full";
  readonly role: string;
  readonly database: string;
  /** Letters and digits; none for a role without one. */
  readonly password?: string;
  /** Is the login expected to work? Decides nothing but the order: one that fails costs a process. */
  readonly allowed: boolean;
  readonly attempts?: readonly Attempt[];
}

/** `ok`, an SQLSTATE, `refused: …` for a login, or `not tried` after a login that failed. */
export type Outcome = string;

const MARK = "@outcome";

/**
 * Logs in as each role in turn and tries things, by psql in the database's own container, which reaches the server over
 * its network as any client does. Passwords travel on standard input, through pipes: not in arguments, environments or
 * files.
 */
export async function runSessions(
  { exec }: Pick<ProbeContext, "exec">,
  sessions: readonly Session[],
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  let left = sessions;
  while (left.length > 0) {
    const scripts = arrange(left).map(sessionScript);
    const said = await Promise.all(scripts.map((stdin) => exec("postgres", ["sh", "-s"], { stdin })));
    for (const { stderr } of said) for (const [key, outcome] of parseOutcomes(stderr)) outcomes.set(key, outcome);
    // A login that was refused against expectation ended its psql, and those behind it had no turn.
    const rest = left.filter(({ key }) => !outcomes.has(key));
    if (rest.length === left.length)
      throw new Error(
        `psql can't be used in the database's container: ${said[0]?.stderr.trim().split("\n").at(-1) ?? ""}`,
      );
    left = rest;
  }
  for (const { key, attempts = [] } of sessions) {
    for (const attempt of attempts) {
      if (outcomes.has(attempt.key)) continue;
      if (outcomes.get(key) === "ok") throw new Error(`the session ${key} broke off before ${attempt.key}`);
      outcomes.set(attempt.key, "not tried");
    }
  }
  return outcomes;
}

/** Two shares that run side by side, each a row of psql processes: a failed login ends its psql, so it comes last in one. */
export function arrange(sessions: readonly Session[]): Session[][][] {
  const good = sessions.filter(({ allowed }) => allowed);
  const bad = sessions.filter(({ allowed }) => !allowed);
  const [first, ...others] = bad;
  const shares = [[[...good, ...(first === undefined ? [] : [first])]], others.map((session) => [session])];
  return shares.filter((share) => share.some((row) => row.length > 0));
}

/**
 * Script for the shell: one psql per row of sessions. Outcomes go to standard error, like the faults themselves, so that
 * their order holds.
 */
export function sessionScript(rows: readonly (readonly Session[])[]): string {
  const psql = "psql -X -q -w -o /dev/null -h /run/postgresql -U postgres -d postgres";
  const lines = rows.flatMap((sessions) => [
    `${psql} <<'PSQL' || echo '${MARK} broke' >&2`,
    "\\set VERBOSITY sqlstate",
    ...sessions.flatMap((session) => [
      `\\warn ${MARK} begin ${session.key}`,
      `\\connect "${conninfo(session)}"`,
      `\\warn ${MARK} is ${session.key} 00000`,
      ...(session.attempts ?? []).flatMap(attemptLines),
    ]),
    "PSQL",
  ]);
  return `${lines.join("\n")}\n`;
}

function attemptLines({ key, sql, before, bare = false }: Attempt): string[] {
  if (bare) return [`${sql};`, `\\warn ${MARK} is ${key} :SQLSTATE`];
  return [
    "BEGIN;",
    ...(before === undefined ? [] : [`${before};`]),
    `${sql};`,
    "\\set outcome :SQLSTATE",
    "ROLLBACK;",
    `\\warn ${MARK} is ${key} :outcome`,
  ];
}

function conninfo({ host, sslmode, role, database, password }: Session): string {
  if (password !== undefined && !/^[A-Za-z0-9]+$/.test(password))
    throw new Error(`the password of ${role} must be letters and digits, as the platform generates them`);
  const tls = host === "postgres" ? ` sslmode=${sslmode} sslrootcert=/run/postgres-ca/ca.crt` : "";
  return `host=${host} port=5432 dbname=${database} user=${role}${password === undefined ? "" : ` password=${password}`}${tls} connect_timeout=5`;
}

/** Outcomes by key, from what the shell wrote on standard error. */
export function parseOutcomes(stderr: string): Map<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  let begun = "";
  let said: string[] = [];
  for (const line of stderr.split("\n")) {
    const [mark, what, key = "", state = ""] = line.trimEnd().split(" ");
    if (mark !== MARK) {
      said.push(line);
      continue;
    }
    if (what === "begin") begun = key;
    if (what === "is") outcomes.set(key, state === "00000" ? "ok" : state);
    if (what === "broke" && begun !== "" && !outcomes.has(begun)) {
      outcomes.set(
        begun,
        `refused: ${said
          .join(" ")
          .replace(/^.*?(FATAL|failed|error): */s, "")
          .trim()}`,
      );
    }
    said = [];
  }
  return outcomes;
}
