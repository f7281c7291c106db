import type Docker from "dockerode";

import type { Plan } from "../plan/plan.ts";
import { isRemote, lookAtSecrets } from "./doctor-look.ts";
import { judgeSecrets } from "./doctor-stack.ts";
import { Fault } from "./fault.ts";
import { findBusyPorts } from "./ports.ts";

/**
 * Looks for what would make a deployment fail or weak, before anything is touched.
 *
 * @throws Fault with all of it, each with what mends it.
 */
export async function preflight(docker: Docker, root: string, plan: Plan): Promise<void> {
  const faults = [await portFault(docker, plan), secretFault(root, plan)].filter((fault) => fault !== undefined);
  if (faults.length === 0) return;
  const count = faults.length === 1 ? "1 thing is" : `${faults.length} things are`;
  throw new Fault(
    [`${count} in the way of stack ${plan.stack}; nothing was touched:`, ...faults.map((fault) => `  - ${fault}`)].join(
      "\n",
    ),
  );
}

async function portFault(docker: Docker, plan: Plan): Promise<string | undefined> {
  if (isRemote()) return undefined;
  try {
    await findBusyPorts(docker, plan);
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.message;
    // An Engine that can't be asked is explained by whoever starts it.
    return undefined;
  }
}

/** A folder that is open is closed, and secrets that are missing are made: only weak ones are the operator's to change. */
function secretFault(root: string, plan: Plan): string | undefined {
  const facts = lookAtSecrets(root, plan);
  if (facts === undefined) return undefined;
  const lengths = Object.fromEntries(Object.entries(facts.lengths).filter(([, length]) => (length ?? 0) > 0));
  const { level, finding, mend } = judgeSecrets({ ...facts, mode: 0o700, lengths });
  return level === "fail" ? `Secrets are ${finding}. Run \`${mend ?? ""}\`.` : undefined;
}
