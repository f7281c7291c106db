import type Docker from "dockerode";

import type { Plan } from "../plan/plan.ts";
import { containerName, execIn, plannedContainer } from "./docker.ts";

/** A copy of a big database takes its time. */
const TIMEOUT_SECONDS = 3600;

/**
 * Runs SQL as the superuser through the socket inside the stack's database container; what it prints.
 *
 * @param variables of psql: in SQL `:'name'` is a literal and `:"name"` an identifier.
 * @throws Error with the server's message.
 */
export async function askServer(
  docker: Docker,
  plan: Plan,
  sql: string,
  variables: { readonly [name: string]: string },
): Promise<string> {
  const set = Object.entries(variables).flatMap(([name, value]) => ["-v", `${name}=${value}`]);
  const command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", ...set, "-d", variables["connect"] ?? "postgres"];
  const container = containerName(plannedContainer(plan, "postgres"));
  const ran = await execIn(docker, container, command, { stdin: sql, timeoutSeconds: TIMEOUT_SECONDS });
  if (ran.exitCode !== 0) throw new Error(ran.stderr.trim().split("\n")[0] ?? `psql ended with ${ran.exitCode}`);
  return ran.stdout.trim();
}
