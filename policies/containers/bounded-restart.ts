import { type Rule, when } from "../rule.ts";
import { containerRule, runs } from "./container.ts";

/** A service restarts unless stopped, a job does not, and `on-failure` ends after 5 tries. */
export const boundedRestart: Rule = containerRule({
  id: "containers-restart-within-bounds",
  level: "mandatory",
  must: "a service restarts unless stopped, a job does not, and `on-failure` ends after 5 tries",
  why: "`always` starts again what somebody stopped on purpose; an unbounded loop hides a fault",
  fix: "set restart to unless-stopped, no, or on-failure with maxRetryCount 5 or less",
  sources: ["CIS Docker 5.15"],
  reads: "Container.restart, maxRetryCount, start",
  findFaults: (container) => {
    const restart = container.read("restart").text;
    const tries = container.read("maxRetryCount").amount;
    if (!runs(container)) return [];
    if (restart === "on-failure") return when(tries < 1 || tries > 5, `restart is on-failure with ${tries} tries`);
    return when(restart !== "unless-stopped" && restart !== "no", `restart is ${restart ?? "not set"}`);
  },
});
