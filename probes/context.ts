import type Docker from "dockerode";

import { SECRETS_PATH } from "../components/secret-files.ts";
import { containerName, execIn, plannedContainer } from "../engine/docker.ts";
import { gateFacts } from "../gates/json.ts";
import type { Plan } from "../plan/plan.ts";
import { readContainerFolder } from "./archive.ts";
import type { ProbeContext } from "./probe.ts";

export interface ContextArgs {
  readonly root: string;
  readonly docker: Docker;
  readonly plan: Plan;
  /** @default the clock's */
  readonly now?: Date;
}

/** What probes may look at, and the secrets that they read meanwhile. */
export interface OpenContext {
  readonly context: ProbeContext;
  readonly secretsRead: () => readonly string[];
}

/** Opens a stack for probes. Nothing is connected to before a probe asks. */
export function openContext({ root, docker, plan, now = new Date() }: ContextArgs): OpenContext {
  const folders = new Map<string, Promise<Map<string, string>>>();
  const read = new Set<string>();
  const container = (service: string) => containerName(plannedContainer(plan, service));
  const secret = async (service: string, name: string): Promise<string> => {
    // All of a container's at once: the Engine mounts its volumes for every reading.
    const folder = folders.get(service) ?? readContainerFolder(docker, container(service), SECRETS_PATH);
    folders.set(service, folder);
    const value = (await folder).get(name)?.replace(/\r?\n$/, "");
    if (value === undefined || value === "") throw new Error(`${container(service)} was given no secret ${name}`);
    read.add(value);
    return value;
  };
  return {
    context: {
      root,
      stack: plan.stack,
      plan,
      settings: gateFacts(plan).settings,
      docker,
      now,
      exec: async (service, command, args) => {
        try {
          return await execIn(docker, container(service), command, args);
        } catch (error) {
          throw explain(error, container(service), plan.stack);
        }
      },
      secret,
    },
    secretsRead: () => [...read],
  };
}

/** What the Engine means by its codes, and what mends it. */
function explain(error: unknown, container: string, stack: string): unknown {
  const { statusCode } = error as { statusCode?: number };
  const up = `run \`npm run platform -- up --stack ${stack}\``;
  if (statusCode === 404) return new Error(`there is no container ${container}; ${up}`);
  if (statusCode === 409) return new Error(`${container} is not running; ${up}`);
  return error;
}
