import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { spawn } from "node:child_process";

import { ensureEngine } from "../../../engine/docker-engine.ts";
import { ROOT, succeed } from "./platform.ts";
import { resetTestStacks } from "./stack.ts";

// Half of what end-to-end tests take is waiting: for health, for the next segment of the log, for an alert. So two
// projects of vitest.e2e.config.ts are at work at a time; which may be is said there.

interface Counts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

const folder = mkdtempSync(join(tmpdir(), "odoo-platform-e2e-"));
const counted: Counts[] = [];

/** Runs the tests of a project, with its name before each line that they print. @throws Error when one failed. */
async function lane(project: string): Promise<void> {
  const report = join(folder, `${project}.json`);
  const child = spawn(
    process.execPath,
    [
      join(ROOT, "node_modules/vitest/vitest.mjs"),
      ...["run", "--config", "vitest.e2e.config.ts", "--project", project],
      ...["--reporter=verbose", "--reporter=json", `--outputFile.json=${report}`],
    ],
    { cwd: ROOT, env: { ...process.env, E2E_CLEARED: "true" }, stdio: ["ignore", "pipe", "pipe"] },
  );
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on("line", (line) => console.info(`${project.padEnd(6)} ${line}`));
  const exitCode = await new Promise((resolve) => child.once("close", resolve));
  counted.push(JSON.parse(readFileSync(report, "utf8")) as Counts);
  if (exitCode !== 0) throw new Error(`The end-to-end tests of project ${project} failed.`);
}

await ensureEngine(console.info);
await resetTestStacks();
// Once, before two projects would build the same.
await succeed(["images"]);

const story = lane("story");
const apart = lane("apart");
// All of them: what fails first must not end the others' machine under them. A fault holds back what comes after it.
const ended = await Promise.allSettled([
  ...[story, apart],
  story.then(() => lane("dev")),
  Promise.all([story, apart]).then(() => lane("beside")),
]);
const faults = new Set(ended.flatMap((end) => (end.status === "rejected" ? [String(end.reason)] : [])));
for (const fault of faults) console.error(fault);

const sum = (key: keyof Counts) => counted.reduce((total, one) => total + one[key], 0);
rmSync(folder, { recursive: true });
console.info(`${sum("numPassedTests")} passed, ${sum("numFailedTests")} failed, ${sum("numPendingTests")} skipped`);
process.exit(faults.size > 0 ? 1 : 0);
