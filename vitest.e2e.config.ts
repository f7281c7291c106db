import { defineConfig } from "vitest/config";

// End-to-end tests share one Docker Engine and one stack: one file after another, tests in the order they are written.
export default defineConfig({
  test: {
    include: ["test/e2e/**/*.test.ts"],
    fileParallelism: false,
    sequence: { concurrent: false },
    testTimeout: 20 * 60_000,
    hookTimeout: 20 * 60_000,
    // A step of a story that failed makes the next ones meaningless.
    bail: 1,
    reporters: ["verbose"],
  },
});
