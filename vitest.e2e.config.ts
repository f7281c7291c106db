import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files in the order of their names: Vitest's own order puts those first that failed or took long last time. */
class ByName extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(files.toSorted((a, b) => a.moduleId.localeCompare(b.moduleId)));
  }
}

// End-to-end tests share one Docker Engine and one stack: one file after another, tests in the order they are written.
export default defineConfig({
  test: {
    include: ["test/e2e/**/*.test.ts"],
    globalSetup: "test/e2e/harness/setup.ts",
    fileParallelism: false,
    sequence: { concurrent: false, sequencer: ByName },
    testTimeout: 20 * 60_000,
    hookTimeout: 20 * 60_000,
    // A step of a story that failed makes the next ones meaningless.
    bail: 1,
    reporters: ["verbose"],
  },
});
