import type { Build } from "../../../engine/runbot/build.ts";

const COMMIT = "1f2e3d4c".repeat(5);

/** A green build of main, but for what is changed. */
export function buildOf(changes: Partial<Build> = {}): Build {
  return {
    id: "20260301T120000-1f2e3d4c",
    ...{ branch: "main", commit: COMMIT, subject: "Sell more", author: "Ann", status: "green" },
    ...{ startedAt: "2026-03-01T12:00:00.000Z", endedAt: "2026-03-01T12:01:30.000Z", detail: "1 modules, 3 tests" },
    modules: [{ module: "ipai_shop", status: "green", detail: "3 passed", tests: 3, coverage: 91.5, seconds: 30 }],
    process: "1 1",
    ...changes,
  };
}
