import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files in the order of their names: Vitest's own order puts those first that failed or took long last time. */
class ByName extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(files.toSorted((a, b) => a.moduleId.localeCompare(b.moduleId)));
  }
}

const STORY = ["1-story"];
/** With stacks of their own alone: nothing of dev is read or changed. */
const APART = [
  "6-no-way-out",
  "6-vault-readback",
  "6-vault-relay",
  "7-backup",
  "7-restore",
  "9-cutover",
  "9-monitoring",
  "9-update",
];
/** What dev is evidence for, on stacks and databases that are made for it: one at a time, whatever dev does. */
const BESIDE = ["9-module-tests", "9-promotion", "9-runbot"];

const files = (names: readonly string[]) => names.map((name) => `test/e2e/${name}.test.ts`);
const project = (name: string, include: string[], exclude: string[] = []) => ({
  extends: true as const,
  test: { name, include, exclude },
});

// End-to-end tests share one Docker Engine: within a project one file after another, tests in the order they are
// written. `npm run test:e2e` has two projects at work at a time (test/e2e/harness/lanes.ts).
export default defineConfig({
  test: {
    globalSetup: "test/e2e/harness/setup.ts",
    fileParallelism: false,
    sequence: { concurrent: false, sequencer: ByName },
    testTimeout: 20 * 60_000,
    hookTimeout: 20 * 60_000,
    // A step of a story that failed makes the next ones meaningless.
    bail: 1,
    reporters: ["verbose"],
    projects: [
      project("story", files(STORY)),
      project("dev", ["test/e2e/*.test.ts"], files([...STORY, ...APART, ...BESIDE])),
      project("apart", files(APART)),
      project("beside", files(BESIDE)),
    ],
  },
});
