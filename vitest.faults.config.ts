import { mergeConfig } from "vitest/config";

import e2e from "./vitest.e2e.config.ts";

// What may happen to a machine, a database and its regions, made to happen: half an hour that CI has not.
export default mergeConfig(
  { ...e2e, test: { ...e2e.test, projects: undefined } },
  { test: { include: ["test/faults/**/*.test.ts"] } },
);
