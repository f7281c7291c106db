import type Docker from "dockerode";

import type { Plan } from "../../plan/plan.ts";
import type { Say } from "../engine.ts";
import { Fault, messageOf } from "../fault.ts";
import { runJob, startHealthy, stopService } from "../start-stop.ts";
import { type Copy, putBack, replaceByIncoming } from "./copy.ts";
import { codeOf } from "./served.ts";
import { closeSite, openSite } from "./site.ts";
import { servedNow, smoke } from "./update.ts";

export interface IncomingArgs {
  readonly root: string;
  readonly docker: Docker;
  /** The stack, which runs, and beside whose database and files others came in. */
  readonly plan: Plan;
  readonly say: Say;
}

/**
 * Serves what came in beside what is served, from inside: the site stays closed. What was served before is the copy; where
 * anything fails, it is served again and the site is open.
 *
 * @param settle done to the database while Odoo stands still: before its modules are updated to what the stack's own code
 *   has, and again after that, since a new one may bring what was taken away.
 * @throws Fault where what came in does not serve.
 */
export async function serveIncoming(args: IncomingArgs, settle: () => Promise<void>): Promise<Copy> {
  const { root, docker, plan, say } = args;
  const served = (await servedNow({ root, docker, plan })) ?? codeOf(plan);
  const copy: Copy = { state: "updating", at: new Date().toISOString(), served };
  await closeSite(docker, plan);
  await stopService(docker, plan, "odoo");
  try {
    await replaceByIncoming({ docker, plan }, copy);
    await settle();
    await start(docker, plan, settle);
  } catch (error) {
    say("what was served before comes back");
    await serveCopy(args);
    throw new Fault(`Stack ${plan.stack} serves what it served before: ${messageOf(error)}`);
  }
  return copy;
}

/** Serves the copy again, to everybody, in the place of what came in, which is gone then. */
export async function serveCopy({ docker, plan }: IncomingArgs): Promise<void> {
  await stopService(docker, plan, "odoo");
  await putBack({ docker, plan });
  await start(docker, plan);
  await openSite(docker, plan);
}

/** The jobs give rights, make views, and update modules to what the stack's own code has. */
async function start(docker: Docker, plan: Plan, before: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  await runJob(docker, plan, "postgres-init");
  await runJob(docker, plan, "odoo-init");
  await before();
  await startHealthy(docker, plan, "odoo");
  await smoke({ docker }, plan);
}
