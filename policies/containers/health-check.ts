import { type Rule, when } from "../rule.ts";
import { containerRule, isJob, runs } from "./container.ts";

/** Every service has a health check of its own; a job ends instead. */
export const healthCheck: Rule = containerRule({
  id: "services-tell-their-health",
  level: "mandatory",
  must: "every service has a health check of its own; a job ends instead",
  why: "a hung process looks like one that works",
  fix: "set healthcheck.tests to a command that exercises the service; for a job set mustRun to false",
  sources: ["CIS Docker 5.27"],
  reads: "Container.healthcheck, mustRun, start",
  findFaults: (container) => {
    if (!runs(container) || isJob(container)) return [];
    const [kind = "NONE"] = container.read("healthcheck.tests").texts;
    return when(kind === "NONE", "it has no health check");
  },
});
