import type { Rule } from "../rule.ts";
import { containerRule, runs } from "./container.ts";

/** A service has 10 seconds or more between the request to stop and its end. */
export const gracefulStop: Rule = containerRule({
  id: "services-get-time-to-stop",
  level: "mandatory",
  must: "a service has 10 seconds or more between the request to stop and its end",
  why: "a worker that is killed in a posting leaves it half-done",
  fix: "set stopTimeout and destroyGraceSeconds to 10 or more",
  sources: [],
  reads: "Container.stopTimeout, destroyGraceSeconds, start",
  findFaults: (container) =>
    runs(container)
      ? ["stopTimeout", "destroyGraceSeconds"]
          .filter((input) => container.read(input).amount < 10)
          .map((input) => `${input} is ${container.read(input).number ?? "not set"}`)
      : [],
});
