import { type Rule, when } from "../rule.ts";
import { containerRule } from "./container.ts";

/** Every container has a limit on cpu. */
export const limitCpu: Rule = containerRule({
  id: "containers-limit-cpu",
  level: "mandatory",
  must: "every container has a limit on cpu",
  why: "one busy container starves the database",
  fix: "set cpus above 0",
  sources: ["CIS Docker 5.12"],
  reads: "Container.cpus",
  findFaults: (container) => when(container.read("cpus").amount <= 0, "cpus is not set, or 0, which is no limit"),
});
