import type Docker from "dockerode";

import { gateFacts } from "../../gates/json.ts";
import { type Plan, resourcesOf, textOf, TYPES } from "../../plan/plan.ts";
import { readInputs } from "../../stacks/inputs.ts";
import { orAbsent } from "../docker.ts";
import type { Say } from "../engine.ts";
import { Fault, messageOf } from "../fault.ts";
import { hasImage } from "../image-build.ts";
import { settleBases } from "../images.ts";
import { originOf, planStack } from "../stack-plan.ts";
import { commitOf } from "../worktree.ts";
import { sweep } from "./close.ts";
import { domainOf, layOut } from "./lay-out.ts";
import { type Preview, readPreviews, stackOf, writePreview } from "./preview.ts";
import { runVerb } from "./run-verb.ts";
import { beginWithTemplate, ensureTemplate } from "./template.ts";

export interface OpenArgs {
  readonly root: string;
  readonly docker: Docker;
  /** Plan of the stack that it is made beside, which says how many there may be. */
  readonly beside: Plan;
  readonly number: number;
  /** Branch, tag or commit. */
  readonly ref: string;
  readonly say: Say;
  readonly now: Date;
}

const HOUR_MS = 3_600_000;

/**
 * Serves a commit as a stack of its own, with neutralised data; one that is open already goes on to another commit, with
 * the data that it has. One at a time: callers hold the lock of all previews.
 *
 * @throws Fault where there are too many, or it does not come up; then it stays for a look, until it is closed or swept.
 */
export async function openPreview(args: OpenArgs): Promise<Preview> {
  const { root, docker, beside, number, ref, say, now } = args;
  const limits = limitsOf(beside);
  const commit = await commitOf(root, ref);
  for (const line of await sweep({ root, docker, project: beside.project, now, mostGiB: limits.mostGiB })) say(line);
  const previews = readPreviews(root);
  const slot = slotFor(number, previews, limits.most);
  const stack = stackOf(number);
  const httpsPort = limits.firstPort + 2 * slot;
  const begun: Preview = {
    ...{ number, commit, ref, slot, state: "opening", detail: "" },
    url: `https://odoo.${domainOf(root, beside.stack, stack)}:${httpsPort}`,
    openedAt: now.toISOString(),
    endsAt: new Date(now.getTime() + limits.hours * HOUR_MS).toISOString(),
    images: previews.find((one) => one.number === number)?.images ?? [],
  };
  writePreview(root, begun);
  try {
    // Recorded for the stack beside, and lent to its previews.
    await settleBases(docker, root, readInputs(root, originOf(root, beside.stack)), say);
    const free = limits.firstPort + 2 * limits.most;
    const template = await ensureTemplate({ root, docker, like: beside.stack, httpsPort: free, say });
    const tree = await layOut({ root, like: beside.stack, stack, commit, httpsPort });
    const images = [...begun.images, ...(await missingImages(docker, await planStack(stack, { root: tree })))];
    writePreview(root, { ...begun, images });
    const data = docker.getVolume(`${beside.project}-${stack}-postgres-data`);
    if ((await orAbsent(data.inspect())) === undefined) await beginWithTemplate(docker, template, stack);
    await runVerb(root, stack, ["up", "--engine", "compose", "--no-verify"], say);
    const preview: Preview = { ...begun, images, state: "serving" };
    writePreview(root, preview);
    return preview;
  } catch (error) {
    const detail = messageOf(error);
    const { images } = readPreviews(root).find((one) => one.number === number) ?? begun;
    writePreview(root, { ...begun, images, state: "failed", detail });
    throw new Fault(
      `Preview ${number} does not serve ${commit.slice(0, 12)}: ${detail}\nIt stays for a look (\`npm run platform -- logs odoo-init --stack ${stack}\`) until \`npm run platform -- preview close ${number}\`.`,
    );
  }
}

/** How many there may be, for how long, and where. @throws Fault where there may be none. */
export function limitsOf(beside: Plan): NonNullable<ReturnType<typeof gateFacts>["settings"]["previews"]> {
  const { previews } = gateFacts(beside).settings;
  if (previews !== undefined) return previews;
  throw new Fault(
    `No previews are made beside stack ${beside.stack}: its settings have no \`previews\`. Name another stack with --stack, or set it in Pulumi.${beside.stack}.yaml.`,
  );
}

/** The ports of a preview: those that it has, else the first that are free. @throws Fault where there are too many. */
export function slotFor(number: number, previews: readonly Preview[], most: number): number {
  const own = previews.find((one) => one.number === number);
  if (own !== undefined) return own.slot;
  const taken = new Set(previews.map(({ slot }) => slot));
  const slot = Array.from({ length: most }, (_, index) => index).find((index) => !taken.has(index));
  if (slot !== undefined) return slot;
  const [oldest] = [...previews].sort((a, b) => Date.parse(a.openedAt) - Date.parse(b.openedAt));
  throw new Fault(
    `There are ${previews.length} previews, and ${most} are allowed (previews.most). The oldest is ${oldest?.number ?? ""}, of ${oldest?.ref ?? ""}: \`npm run platform -- preview close ${oldest?.number ?? ""}\`.`,
  );
}

/** Images of a plan that aren't on this machine. */
async function missingImages(docker: Docker, plan: Plan): Promise<string[]> {
  const wanted = resourcesOf(plan, TYPES.image).map((image) => textOf(image, "imageName"));
  const there = await Promise.all(wanted.map((image) => hasImage(docker, image)));
  return wanted.filter((_, index) => there[index] === false);
}
