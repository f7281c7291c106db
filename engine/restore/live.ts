import type Docker from "dockerode";

import type { Plan } from "../../plan/plan.ts";
import { containerName, plannedContainer, servicesOf, serviceOf } from "../docker.ts";
import { Fault, messageOf } from "../fault.ts";
import { runJob, startHealthy, stopService } from "../start-stop.ts";
import { layBeside, settleSwap, swapBack, type SwapArgs, swapIn } from "./swap.ts";

/** What writes into the data that is replaced. Others that read the database lose their connections, and come back. */
const WRITERS = ["odoo", "backup", "postgres"] as const;
/** What remembers what it read in the database; and the job that makes it what the stack asks for, once it is started anew. */
const READERS = ["keycloak"] as const;
const READERS_JOBS = ["identity-init"] as const;

export interface LiveArgs extends SwapArgs {
  /** Is the stack, as it now serves, what it should be? Throws where it isn't. */
  readonly prove: () => Promise<void>;
}

/**
 * Replaces what a stack serves by restored data, which was verified before: copied beside it, swapped in while Odoo and
 * PostgreSQL stand still, started and proven. Where that fails, what was served before comes back.
 *
 * @returns seconds for which the stack did not serve.
 */
export async function replaceLive({ prove, ...args }: LiveArgs): Promise<number> {
  const { docker, plan, say } = args;
  await layBeside(args);
  const stopped = performance.now();
  say("Odoo and PostgreSQL stop");
  await stopWriters(docker, plan);
  try {
    await swapIn(args);
    say("the restored data is in place; starting");
    await startWriters(docker, plan);
    await prove();
  } catch (error) {
    say("what was restored does not serve; putting back what was there");
    await stopWriters(docker, plan);
    await swapBack(args).catch((second: unknown) => {
      // Nothing was there before: an empty stack on a new host.
      say(messageOf(second));
    });
    await startWriters(docker, plan);
    throw new Fault(`The restored data does not serve, and what was there before is back: ${messageOf(error)}`);
  }
  await settleSwap(args);
  const stoodStill = (performance.now() - stopped) / 1000;
  await refreshReaders(docker, plan, say);
  return stoodStill;
}

/** Puts back what was served before the last restore. */
export async function undoRestore(args: LiveArgs): Promise<void> {
  const { docker, plan } = args;
  await stopWriters(docker, plan);
  try {
    await swapBack(args);
  } finally {
    await startWriters(docker, plan);
  }
  await args.prove();
  await refreshReaders(docker, plan, args.say);
}

/** After Odoo serves: what people keep their books in comes first. */
async function refreshReaders(docker: Docker, plan: Plan, say: SwapArgs["say"]): Promise<void> {
  const planned = plannedOf(plan, READERS);
  if (planned.length > 0) say(`${planned.join(", ")} starts anew, and reads what was restored`);
  for (const service of planned) {
    await docker.getContainer(containerName(plannedContainer(plan, service))).restart();
    await startHealthy(docker, plan, service);
  }
  for (const job of plannedOf(plan, READERS_JOBS)) await runJob(docker, plan, job);
}

async function stopWriters(docker: Docker, plan: Plan): Promise<void> {
  for (const service of writersOf(plan)) await stopService(docker, plan, service);
}

/** The other way round; the jobs give roles their passwords and Odoo its address, which a restored database has of then. */
async function startWriters(docker: Docker, plan: Plan): Promise<void> {
  await startHealthy(docker, plan, "postgres");
  await runJob(docker, plan, "postgres-init");
  await runJob(docker, plan, "odoo-init");
  for (const service of writersOf(plan).filter((service) => service !== "postgres"))
    await startHealthy(docker, plan, service);
}

function writersOf(plan: Plan): string[] {
  return plannedOf(plan, WRITERS);
}

function plannedOf(plan: Plan, services: readonly string[]): string[] {
  const planned = new Set(servicesOf(plan).map(serviceOf));
  return services.filter((service) => planned.has(service));
}
