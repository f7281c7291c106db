import { appendFileSync } from "node:fs";
import { join } from "node:path";

import { x } from "tinyexec";

import { ADDONS_FOLDER } from "../engine/addons/store.ts";
import { execIn } from "../engine/docker.ts";
import { lendMachine } from "../engine/image-source.ts";
import { SERVES } from "../engine/promotion/obstacles.ts";
import { writeSmallStack } from "../engine/small-stack.ts";
import { git } from "../engine/worktree.ts";
import { fromFaults, type Measurement, type Probe, type ProbeContext } from "./probe.ts";
import { onCopy } from "./project-copy.ts";
import { findWorkflowFaults } from "./workflow-faults.ts";

const WORKFLOW = ".github/workflows/branch-promotion.yml";
const STAGES = ["rehearsal-dev", "rehearsal-staging", "rehearsal-prod"] as const;
const [DEV, STAGING, PROD] = STAGES;
const FIRST_PORT = 10_443;

/**
 * On a copy of the project, with three small stacks of its own beside what runs: a commit goes from stage to stage; one
 * that skips a stage is refused; and one that every test and staging take, and that fails in production alone, is rolled
 * back there by itself.
 */
export const promotion: Probe = {
  task: "4.1",
  ttlDays: 30,
  needs: "machine",
  onDemand: true,
  measure: async (context) => {
    const faults = await findWorkflowFaults(context.root, WORKFLOW);
    const seen = await onCopy(context.root, async (copy) => rehearse(context, copy));
    return judgePromotions(seen, faults);
  },
};

/** What was seen, in the order in which it is done. */
export interface Seen {
  /** The first commit, to staging and then to production. */
  readonly promoted: readonly Attempt[];
  /** A commit that staging does not serve yet, straight to production. */
  readonly skipped: Attempt;
  /** The bad one: to staging, and to production. */
  readonly bad: { readonly staging: Attempt; readonly production: Attempt };
  /** Production afterwards: id of Odoo's image, the promotions on record, and whether it serves a login form. */
  readonly after: { readonly image: string; readonly statuses: readonly string[]; readonly serves: boolean };
  /** Id of Odoo's image before the bad one. */
  readonly image: string;
}

interface Attempt {
  readonly exitCode: number;
  readonly said: string;
  readonly seconds: number;
}

/** They hold when good code arrives, nothing skips a stage, and bad code leaves production as it was. */
export function judgePromotions(seen: Seen, faults: readonly string[] = []): Measurement {
  const { promoted, skipped, bad, after, image } = seen;
  const all = [
    ...faults,
    ...(skipped.exitCode === 1 && skipped.said.includes(`of stack ${STAGING} runs`)
      ? []
      : [`a commit that staging does not serve was not refused for that: ${skipped.said}`]),
    ...(bad.staging.exitCode === 0 ? [] : [`the bad commit did not get through staging: ${bad.staging.said}`]),
    ...(bad.production.exitCode === 1 && bad.production.said.includes("is served again")
      ? []
      : [`the bad commit was not rolled back in production: ${bad.production.said}`]),
    ...(after.image === image ? [] : [`production runs ${after.image} afterwards, not ${image}`]),
    ...(after.serves ? [] : ["production shows no login form afterwards"]),
    ...(after.statuses.join() === "ok,rolled back" ? [] : [`on record is ${after.statuses.join(", ")}`]),
  ];
  const seconds = (attempt: Attempt) => Math.round(attempt.seconds);
  return fromFaults(all, {
    measured: { promoted: promoted.map(seconds), rolledBack: seconds(bad.production), record: [...after.statuses] },
    limit: { record: ["ok", "rolled back"] },
    held: `a commit went from dev to staging to production (${promoted.map(seconds).join(" s, ")} s), one that skipped staging was refused, and one that failed in production was rolled back by itself after ${seconds(bad.production)} s`,
  });
}

async function rehearse({ root, stack, docker }: ProbeContext, copy: string): Promise<Seen> {
  const platform = async (...args: string[]): Promise<Attempt> => {
    const started = performance.now();
    const ran = await x(process.execPath, ["cli/platform.mjs", ...args], { nodeOptions: { cwd: copy } });
    const said = ran.stderr.trim() === "" ? ran.stdout : ran.stderr;
    const lines = said.trim().split("\n").slice(-12).join(" ");
    return { exitCode: ran.exitCode ?? 1, said: lines, seconds: (performance.now() - started) / 1000 };
  };
  const must = async (...args: string[]): Promise<Attempt> => {
    const attempt = await platform(...args);
    if (attempt.exitCode !== 0) throw new Error(`platform ${args.join(" ")}: ${attempt.said}`);
    return attempt;
  };
  const serve = async (base: string) => {
    await must("up", "--stack", DEV, "--engine", "compose", "--no-verify");
    await must("verify", "--stack", DEV, "--task", ...SERVES);
    await must("runbot", "build", "--stack", DEV, "--base", base);
  };
  const promotion = (to: string) => ["promote", "--stack", to, "--engine", "compose"];
  const promote = (to: string) => platform(...promotion(to));
  const image = async () => (await docker.getContainer(`odoo-platform-${PROD}-odoo`).inspect()).Image;

  STAGES.forEach((name, index) => {
    writeStage(copy, name, index);
    lendMachine(root, copy, stack, name);
  });
  try {
    await must("docs");
    await commit(copy, "Rehearse", DEV);
    await serve("HEAD");
    const promoted = [await must(...promotion(STAGING)), await must(...promotion(PROD))];
    const before = await image();
    breakInProduction(copy);
    await must("docs");
    await commit(copy, "Fail in production alone", DEV);
    await serve("HEAD~1");
    const skipped = await promote(PROD);
    const bad = { staging: await promote(STAGING), production: await promote(PROD) };
    const record = await execIn(docker, `odoo-platform-${PROD}-postgres`, ["psql", "-XAtq", "-d", "odoo"], {
      stdin: "SELECT status FROM monitoring.promotions ORDER BY started_at;",
    });
    const smoke = await execIn(docker, `odoo-platform-${PROD}-odoo`, ["platform-odoo", "smoke"], {
      timeoutSeconds: 120,
    });
    const statuses = record.stdout.trim().split("\n");
    const after = { image: await image(), statuses, serves: smoke.exitCode === 0 };
    return { promoted, skipped, bad, after, image: before };
  } finally {
    for (const name of STAGES) await platform("down", "--stack", name, "--volumes", "--yes");
  }
}

/** A stage with ports of its own. */
function writeStage(copy: string, name: string, index: number): void {
  const from = STAGES[index - 1];
  writeSmallStack({
    ...{ root: copy, name },
    settings: {
      domain: `${name}.localhost`,
      edge: { httpsPort: FIRST_PORT + index, httpPort: FIRST_PORT - 363 + index },
      odoo: { modules: ["base", "web"] },
      promotion: { branch: name, ...(from === undefined ? {} : { from }) },
    },
  });
}

/** Every database takes it, but that of one address. */
function breakInProduction(copy: string): void {
  const file = join(copy, ADDONS_FOLDER, "ipai_platform", "__init__.py");
  appendFileSync(
    file,
    `\nimport os\n\nif "${PROD}" in os.environ.get("ODOO_BASE_URL", ""):\n    raise RuntimeError("rehearsed fault of production alone")\n`,
  );
}

/** Commits of this probe are of nobody; the first stage serves what is on its branch. */
async function commit(copy: string, message: string, branch: string): Promise<void> {
  const author = ["-c", "user.name=probe", "-c", "user.email=probe@localhost"];
  for (const args of [
    // In a copy they are a link, which is not ignored as the folder is.
    ["add", "--all", "--", ".", ":!node_modules"],
    [...author, "commit", "--quiet", "--message", message],
    ["branch", "--force", branch],
  ]) {
    const { exitCode, stderr } = await git(copy, args);
    if (exitCode !== 0) throw new Error(`nothing could be committed: ${stderr.trim()}`);
  }
}
