import { ownAddons, soundLock } from "../engine/addons/store.ts";
import { withLock } from "../engine/lock.ts";
import type { ModuleResult } from "../engine/module-tests/report.ts";
import { testModules } from "../engine/module-tests/run.ts";
import { fromFaults, type Measurement, type Probe, type ProbeContext } from "./probe.ts";

/** First-party modules install on a clean database, and their tests say that they do what they say. */
export const ownModules: Probe = {
  task: "3.3",
  ttlDays: 30,
  needs: "machine",
  onDemand: true,
  measure: async (context) => {
    const own = ownAddons(context.root);
    return judgeModules(await tested(context, own), { wanted: own, tested: own });
  },
};

/** All tests of first-party and locked modules pass, and nothing warns. */
export const moduleTests: Probe = {
  task: "3.6",
  ttlDays: 30,
  needs: "machine",
  onDemand: true,
  // Eighty modules, most of them on top of accounting or stock.
  timeoutSeconds: 2 * 3600,
  measure: async (context) => {
    const own = ownAddons(context.root);
    const wanted = [...own, ...Object.keys(soundLock(context.root).addons)].sort();
    return judgeModules(await tested(context, wanted), { wanted, tested: own });
  },
};

async function tested({ root, docker, stack }: ProbeContext, modules: readonly string[]): Promise<ModuleResult[]> {
  return withLock(root, "module-tests", () => testModules({ root, docker, stack, modules, say: () => undefined }));
}

interface Expected {
  readonly wanted: readonly string[];
  /** Those that must have tests, of which one at least ran. Modules of others may come without. */
  readonly tested: readonly string[];
}

/** They hold when each was tried and is green, and ours were tested at all. */
export function judgeModules(results: readonly ModuleResult[], { wanted, tested }: Expected): Measurement {
  const passed = ({ tests }: ModuleResult) => tests.filter(({ outcome }) => outcome === "passed").length;
  const faults = [
    ...wanted.filter((name) => !results.some(({ module }) => module === name)).map((name) => `${name} was not tested`),
    ...results.flatMap(({ module, status, detail }) =>
      status === "green" ? [] : [`${module} is ${status}: ${detail}`],
    ),
    ...results
      .filter((result) => tested.includes(result.module) && result.status === "green" && passed(result) === 0)
      .map(({ module }) => `${module} has no test that ran`),
  ];
  const count = (of: (result: ModuleResult) => number) => results.reduce((sum, result) => sum + of(result), 0);
  const skipped = count(({ tests }) => tests.filter(({ outcome }) => outcome === "skipped").length);
  const untested = results.filter(({ tests }) => tests.length === 0).map(({ module }) => module);
  return fromFaults(faults, {
    measured: {
      modules: Object.fromEntries(
        results.map((result) => [
          result.module,
          { status: result.status, passed: passed(result), tests: result.tests.length, coverage: result.coverage },
        ]),
      ),
      // What of Enterprise is proved by tests is told from this.
      tested: results.filter((result) => result.status === "green" && passed(result) > 0).map(({ module }) => module),
      skipped,
      untested,
    },
    limit: { status: "green" },
    held: `${results.length} modules install on a clean database; ${count(passed)} tests passed, ${skipped} were skipped, nothing warned${untested.length === 0 ? "" : `; without tests: ${untested.join(", ")}`}`,
  });
}
