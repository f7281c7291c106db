import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Need a Docker Engine and minutes: `npm run test:e2e`, and `npm run test:faults` half an hour.
    exclude: ["test/e2e/**", "test/faults/**"],
    // As the commands do: most files load Pulumi's SDK.
    setupFiles: ["cli/lazy-modules.mjs"],
    // One process per file keeps Pulumi's global state apart.
    pool: "forks",
    isolate: true,
    // Vitest leaves one core alone by itself, which is half of a machine with two.
    maxWorkers: "100%",
    // No timing is asserted: the limits are there for what hangs, and are wide enough for a slow machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Where a verdict or a finding is decided, a branch that no test takes is one that may say GO by mistake.
    coverage: {
      provider: "v8",
      include: ["gates/**/*.ts", "policies/**/*.ts"],
      reporter: ["text-summary"],
      thresholds: { branches: 95, functions: 95, lines: 98, statements: 98 },
    },
    // A test without an assertion can't fail.
    expect: { requireAssertions: true },
    // The commands that some tests run print for a program, not for a terminal.
    env: { CI: "true", NO_COLOR: "1" },
  },
});
