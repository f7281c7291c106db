import { appendFileSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { ADDONS_FOLDER, ownAddons } from "../engine/addons/store.ts";
import { lendMachine } from "../engine/image-source.ts";
import { withLock } from "../engine/lock.ts";
import type { Build } from "../engine/runbot/build.ts";
import { gridPage } from "../engine/runbot/page.ts";
import { buildCommit } from "../engine/runbot/run.ts";
import { readBuilds } from "../engine/runbot/store.ts";
import { git } from "../engine/worktree.ts";
import { fromFaults, type Measurement, type Probe, type ProbeContext } from "./probe.ts";
import { onCopy } from "./project-copy.ts";
import { findWorkflowFaults } from "./workflow-faults.ts";

const WORKFLOW = ".github/workflows/ci-runbot.yml";
const BROKEN = "test_that_is_broken";

/**
 * On a copy of the project: a commit that breaks a test of a first-party module is a red build that names it, the commit
 * that takes it back is a green one, and the page lists both.
 */
export const runbot: Probe = {
  task: "4.2",
  ttlDays: 30,
  needs: "machine",
  onDemand: true,
  measure: async (context) => {
    const faults = await findWorkflowFaults(context.root, WORKFLOW);
    const builds = await onCopy(context.root, async (copy) => {
      lendMachine(context.root, copy, context.stack);
      const test = testIn(copy);
      appendFileSync(test, `\n    def ${BROKEN}(self):\n        self.assertEqual(1, 2)\n`);
      await commit(copy, ["commit", "--quiet", "--all", "--message", "Break a test"]);
      const red = await build(context, copy);
      await commit(copy, ["revert", "--no-edit", "HEAD"]);
      return { red, green: await build(context, copy), listed: readBuilds(copy) };
    });
    return judgeBuilds(builds, faults);
  },
};

interface Builds {
  readonly red: Build;
  readonly green: Build;
  /** All that are on record. */
  readonly listed: readonly Build[];
}

/** They hold when the broken commit is red for that very test, its repair is green, and both are on the page. */
export function judgeBuilds({ red, green, listed }: Builds, faults: readonly string[] = []): Measurement {
  const page = gridPage(listed, new Date(0));
  const all = [
    ...faults,
    ...(red.status === "red" && red.detail.includes(BROKEN)
      ? []
      : [`a commit with a broken test is ${red.status}: ${red.detail}`]),
    ...(green.status === "green" && green.modules.length > 0
      ? []
      : [`the commit that mends it is ${green.status}: ${green.detail}`]),
    ...[red, green]
      .filter(({ id }) => !page.includes(`href="${id}/"`))
      .map(({ commit }) => `build ${commit.slice(0, 8)} is not on the page`),
  ];
  const seconds = [red, green].map(({ startedAt, endedAt }) =>
    endedAt === null ? null : (Date.parse(endedAt) - Date.parse(startedAt)) / 1000,
  );
  return fromFaults(all, {
    measured: { broken: red.status, mended: green.status, seconds },
    limit: { broken: "red", mended: "green" },
    held: `a broken test turned a build red after ${Math.round(seconds[0] ?? 0)} s, its repair turned the next one green after ${Math.round(seconds[1] ?? 0)} s, and both are on the page`,
  });
}

/** Commits of this probe are of nobody. */
const AUTHOR = ["-c", "user.name=probe", "-c", "user.email=probe@localhost"];

/** A file with tests of the last first-party module that has one: others may stand on the first, and would be built too. */
function testIn(copy: string): string {
  const files = ownAddons(copy).flatMap((name) => {
    const folder = join(copy, ADDONS_FOLDER, name, "tests");
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((file) => /^test_\w+\.py$/.test(file))
      .map((file) => join(folder, file));
  });
  const last = files.sort().at(-1);
  if (last === undefined) throw new Error("no first-party module has a test to break");
  return last;
}

async function commit(copy: string, how: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await git(copy, [...AUTHOR, ...how]);
  if (exitCode !== 0) throw new Error(`nothing could be committed: ${stderr.trim()}`);
}

/** What the last commit touched. */
async function build({ root, docker, stack }: ProbeContext, copy: string): Promise<Build> {
  return withLock(root, "module-tests", () =>
    buildCommit({ root: copy, docker, stack, ref: "HEAD", branch: "probe", base: "HEAD~1", say: () => undefined }),
  );
}
