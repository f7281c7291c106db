import type { Rule } from "../rule.ts";
import { postgresRule, weakened } from "./postgres.ts";

/** Nobody changes PostgreSQL's settings but through the plan. */
export const noRuntimeChanges: Rule = postgresRule({
  id: "postgres-settings-are-reviewed",
  level: "mandatory",
  must: "nobody changes PostgreSQL's settings but through the plan",
  why: "ALTER SYSTEM leaves settings on the data volume that no review has seen",
  fix: "take allow_alter_system and config_file out of the command",
  sources: [],
  reads: "Container.command",
  findFaults: (container) =>
    weakened(container, { allow_alter_system: /^(on|true|yes|1)$/i, config_file: /./, data_directory: /./ }),
});
