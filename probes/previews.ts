import { closePreview, remainsOf } from "../engine/preview/close.ts";
import { connectAs } from "../engine/preview/connect.ts";
import { limitsOf, openPreview } from "../engine/preview/open.ts";
import { readPreviews, stackOf, treeOf } from "../engine/preview/preview.ts";
import { seeNeutral } from "../engine/clone/clone.ts";
import { withLock } from "../engine/lock.ts";
import { messageOf } from "../engine/fault.ts";
import { planStack } from "../engine/stack-plan.ts";
import { openContext } from "./context.ts";
import { ask, siteOf } from "./https.ts";
import { fromFaults, type Measurement, type Probe, type ProbeContext } from "./probe.ts";
import { findWorkflowFaults } from "./workflow-faults.ts";

const WORKFLOW = ".github/workflows/previews.yml";
/** No pull request gets that far. */
const NUMBER = 999_999;
/** Comes with Odoo's demonstration data. */
const LOGIN = "demo";
/** Longest that one may take after the first, its images apart: a developer waits for it. The goal is half of it. */
const SECONDS = 60;

/**
 * The commit that is checked out here becomes a stack of its own, beside those that are there: neutralised, with a link
 * that lets a user in once and not again; and nothing is left of it once it is closed.
 */
export const previews: Probe = {
  task: "4.7",
  ttlDays: 30,
  needs: "machine",
  onDemand: true,
  measure: async (context) => {
    const faults = await findWorkflowFaults(context.root, WORKFLOW);
    return judgePreview(await withLock(context.root, "previews", () => rehearse(context)), faults);
  },
};

/** What was seen of it. */
export interface SeenPreview {
  /** Seconds from the commit to the login form, with the images on the machine. */
  readonly seconds: number;
  /** What is not harmless in it; undefined where every rule of neutralisation holds. */
  readonly harm: string | undefined;
  /** HTTP statuses: of the link, of the page that it leads to, and of the link once more. */
  readonly link: readonly [number, number, number];
  /** What was left of it. */
  readonly left: readonly string[];
  /** Previews that were there before, and aren't any more. */
  readonly lost: readonly number[];
}

export function judgePreview(seen: SeenPreview, faults: readonly string[] = []): Measurement {
  const { seconds, harm, link, left, lost } = seen;
  const took = Math.round(seconds);
  return fromFaults(
    [
      ...faults,
      ...(took <= SECONDS ? [] : [`it took ${took} s`]),
      ...(harm === undefined ? [] : [`it is not harmless: ${harm}`]),
      ...(link.join() === "303,200,403" ? [] : [`the link, its page and the link again answered ${link.join(", ")}`]),
      ...(left.length === 0 ? [] : [`left behind: ${left.join(", ")}`]),
      ...(lost.length === 0 ? [] : [`other previews are gone: ${lost.join(", ")}`]),
    ],
    {
      measured: { seconds: took, link: [...link], left: [...left] },
      limit: { seconds: SECONDS, link: [303, 200, 403], left: [] },
      held: `a commit was served after ${took} s, neutralised, let ${LOGIN} in once, and left nothing behind`,
    },
  );
}

async function rehearse({ root, docker, plan, now }: ProbeContext): Promise<SeenPreview> {
  const close = { root, docker, project: plan.project };
  const before = readPreviews(root).map(({ number }) => number);
  const open = () =>
    openPreview({ root, docker, beside: plan, number: NUMBER, ref: "HEAD", say: () => undefined, now });
  // One more than there may be is refused, which says nothing about previews.
  const spare = limitsOf(plan).most - before.length;
  if (spare < 1) throw new Error(`there are ${before.length} previews, and no room for one more; close one`);
  try {
    // What the first one makes for all of them, images and a database to begin with, is no part of it.
    await open();
    await closePreview({ ...close, keepImages: true }, NUMBER);
    const started = performance.now();
    await open();
    const seconds = (performance.now() - started) / 1000;
    const own = await planStack(stackOf(NUMBER), { root: treeOf(root, stackOf(NUMBER)) });
    const harm = await seeNeutral(docker, own, false).then(() => undefined, messageOf);
    const link = await followLink({ root, docker, plan: own, now });
    await closePreview(close, NUMBER);
    const after = new Set(readPreviews(root).map(({ number }) => number));
    const lost = before.filter((number) => !after.has(number));
    return { seconds, harm, link, left: await remainsOf(close, NUMBER), lost };
  } finally {
    await closePreview(close, NUMBER);
  }
}

async function followLink({ root, docker, plan, now }: Pick<ProbeContext, "root" | "docker" | "plan" | "now">) {
  const { context } = openContext({ root, docker, plan, now });
  const site = await siteOf(context, context.settings.edge.hosts.odoo);
  const { pathname, search } = new URL(await connectAs({ root, docker, number: NUMBER, login: LOGIN }));
  const first = await ask(site, pathname + search);
  const cookie = (first.headers["set-cookie"] ?? []).map((one) => one.split(";")[0]).join("; ");
  const page = await ask(site, "/odoo", { headers: { cookie } });
  const again = await ask(site, pathname + search);
  return [first.status, page.status, again.status] as const;
}
