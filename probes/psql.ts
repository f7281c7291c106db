import type { ProbeContext } from "./probe.ts";

/**
 * Runs SQL as the superuser through the socket inside the database's container, and returns the JSON that its last
 * statement prints. SQL travels on standard input: nothing of it is in a process list.
 *
 * @throws Error with the server's message.
 */
export async function askPostgres<T>({ exec }: Pick<ProbeContext, "exec">, database: string, sql: string): Promise<T> {
  const command = [
    "psql",
    "-X",
    "-A",
    "-t",
    "-q",
    "-v",
    "ON_ERROR_STOP=1",
    "-h",
    "/run/postgresql",
    "-U",
    "postgres",
    "-d",
    database,
  ];
  const { exitCode, stdout, stderr } = await exec("postgres", command, { stdin: sql });
  if (exitCode !== 0)
    throw new Error(`PostgreSQL (${database}): ${firstLine(stderr) || `psql ended with ${exitCode}`}`);
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new Error(`PostgreSQL (${database}) answered with something else than JSON: ${stdout.slice(0, 200)}`);
  }
}

/** A text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Texts as an SQL array of text. */
export function literals(texts: readonly string[]): string {
  return `ARRAY[${texts.map(literal).join(", ")}]::text[]`;
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? "";
}
