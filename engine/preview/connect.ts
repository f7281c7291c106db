import type Docker from "dockerode";

import { containerName, execIn, plannedContainer, tolerate } from "../docker.ts";
import { Fault } from "../fault.ts";
import { planStack } from "../stack-plan.ts";
import { readPreviews, stackOf, treeOf } from "./preview.ts";

export interface ConnectArgs {
  readonly root: string;
  readonly docker: Docker;
  readonly number: number;
  /** Who one is then. */
  readonly login: string;
}

/**
 * An URL that logs in to a preview without a password: good once, and for five minutes. Secret meanwhile.
 *
 * @throws Fault where there is no such preview (2), or nobody of that name in it.
 */
export async function connectAs({ root, docker, number, login }: ConnectArgs): Promise<string> {
  const previews = readPreviews(root);
  const preview = previews.find((one) => one.number === number);
  if (preview === undefined) {
    const others = previews.length === 0 ? "none" : previews.map((one) => one.number).join(", ");
    throw new Fault(
      `There is no preview ${number}; there are: ${others}. \`npm run platform -- preview open ${number} BRANCH\` makes it.`,
      2,
    );
  }
  const stack = stackOf(number);
  const plan = await planStack(stack, { root: treeOf(root, stack) });
  const container = containerName(plannedContainer(plan, "odoo"));
  const ran = await tolerate([404, 409], execIn(docker, container, ["platform-odoo", "connect", login]));
  if (ran === undefined)
    throw new Fault(
      `Preview ${number} is ${preview.state}, and its Odoo does not run; \`npm run platform -- preview open ${number} ${preview.ref}\` brings it up.`,
    );
  if (ran.exitCode !== 0) throw new Fault(ran.stderr.trim());
  return `${preview.url}${ran.stdout.trim()}`;
}
