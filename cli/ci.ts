import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import Table from "cli-table3";
import { type Command, Option } from "commander";

import type { ModuleResult } from "../engine/module-tests/report.ts";
import { Fault } from "../engine/fault.ts";
import { projectRoot, type StackOptions, withStack } from "./context.ts";
import { wholeNumber } from "./number.ts";

interface CiOptions extends StackOptions {
  readonly changed?: string | true;
  readonly all?: boolean;
  readonly module?: readonly string[];
  readonly junit?: string;
  readonly jobs: number;
  readonly timeout: number;
}

/** What `--changed` compares with where nothing is named. */
const BASE = "origin/main";

export function register(command: Command): void {
  withStack(command)
    .addOption(
      new Option(
        "--changed [ref]",
        `what differs from a commit (by default ${BASE}), and what depends on it`,
      ).conflicts(["all", "module"]),
    )
    .addOption(new Option("--all", "first-party modules and all of the lock").conflicts("module"))
    .option("--module <names...>", "these; by default all first-party modules")
    .option("--junit <file>", "write the results as JUnit's XML")
    .addOption(new Option("--jobs <number>", "modules at a time").default(2).argParser(wholeNumber(1, 32)))
    .addOption(
      new Option("--timeout <seconds>", "longest for one module").default(900).argParser(wholeNumber(10, 7200)),
    )
    .option("--json", "the results, for programs")
    .addHelpText(
      "after",
      "\nEach module is installed on a clean database in the image that the stack runs, without a network, and its tests run.\nA warning fails as a failed test does. Exit code 0 when every module is green, 1 when one isn't.\n\nExamples:\n  npm run platform -- ci\n  npm run platform -- ci --changed --junit test-results/modules.xml\n  npm run platform -- ci --module queue_job auditlog",
    )
    .action(run);
}

async function run({ stack, junit, json = false, jobs, timeout, ...choice }: CiOptions): Promise<void> {
  const root = projectRoot();
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const modules = await chosen(root, choice);
  if (modules.length === 0) {
    process.stdout.write("No module is touched: there is nothing to test.\n");
    return;
  }
  const [{ ensureEngine }, { testModules }, { withLock }, { allGreen }] = await Promise.all([
    import("../engine/docker-engine.ts"),
    import("../engine/module-tests/run.ts"),
    import("../engine/lock.ts"),
    import("../engine/module-tests/report.ts"),
  ]);
  const docker = await ensureEngine(say);
  // The databases that are kept are one run's at a time.
  const results = await withLock(root, "module-tests", () =>
    testModules({
      ...{ root, docker, stack, modules, jobs, say },
      dependants: choice.changed !== undefined,
      timeoutSeconds: timeout,
    }),
  );
  if (junit !== undefined) {
    const { junitText } = await import("../engine/module-tests/junit.ts");
    mkdirSync(dirname(junit), { recursive: true });
    writeFileSync(junit, junitText(results));
  }
  process.stdout.write(json ? `${JSON.stringify(results, undefined, 2)}\n` : describe(results));
  if (!allGreen(results)) process.exitCode = 1;
}

async function chosen(root: string, { changed, all, module }: Omit<CiOptions, "jobs" | "timeout" | "stack">) {
  const { ownAddons, soundLock } = await import("../engine/addons/store.ts");
  const own = ownAddons(root);
  const lock = soundLock(root);
  const locked = Object.keys(lock.addons);
  if (module !== undefined) {
    const strange = module.filter((name) => !own.includes(name) && !locked.includes(name));
    if (strange.length > 0)
      throw new Fault(`There is no module ${strange.join(", ")} among ours or in the lock; \`lock add\` adds one.`, 2);
    return module;
  }
  if (all === true) return [...own, ...locked].sort();
  if (changed === undefined) return own;
  const { changedModules, changesSince } = await import("../engine/module-tests/changed.ts");
  const changes = await changesSince(root, changed === true ? BASE : changed);
  return changedModules({ ...changes, now: lock, own });
}

function describe(results: readonly ModuleResult[]): string {
  const rows = results.map(({ module, status, tests, warnings, coverage, seconds, detail }) => [
    module,
    status,
    String(tests.length),
    String(warnings.length),
    coverage === null ? "-" : `${coverage} %`,
    `${seconds.toFixed(0)} s`,
    detail,
  ]);
  const bad = results.filter(({ status }) => status !== "green");
  const table = new Table({
    head: ["Module", "Verdict", "Tests", "Warnings", "Coverage", "Time", "Seen"],
    style: { head: [], border: [] },
    colWidths: [null, null, null, null, null, null, 80],
    wordWrap: true,
  });
  table.push(...rows);
  return [
    table.toString(),
    ...bad.filter(({ log }) => log !== "").map(({ module, log }) => `\n--- ${module}: end of Odoo's log\n${log}`),
    "",
  ].join("\n");
}
