import { type Rule, when } from "../rule.ts";
import { containerRule, runs } from "./container.ts";

/** Every container that runs has a limit on open files. */
export const openFiles: Rule = containerRule({
  id: "containers-limit-open-files",
  level: "mandatory",
  must: "every container that runs has a limit on open files",
  why: "the Engine's own default is either far too low or none",
  fix: "set ulimits with nofile",
  sources: ["CIS Docker 5.19"],
  reads: "Container.ulimits, start",
  findFaults: (container) => {
    const limits = container.read("ulimits").items.filter((item) => item.at("name").text === "nofile");
    return when(
      runs(container) && !limits.some((limit) => limit.at("hard").amount > 0),
      "ulimits has no nofile above 0",
    );
  },
});
