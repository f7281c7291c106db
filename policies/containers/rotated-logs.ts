import { type Rule, when } from "../rule.ts";
import { containerRule } from "./container.ts";

/** Every log is rotated, or there is none. */
export const rotatedLogs: Rule = containerRule({
  id: "logs-are-rotated",
  level: "mandatory",
  must: "every log is rotated, or there is none",
  why: "a full disk stops the database",
  fix: "set logDriver to json-file (or local) with max-size and max-file, or to none",
  sources: [],
  reads: "Container.logDriver, logOpts",
  findFaults: (container) => {
    const driver = container.read("logDriver").text ?? "json-file";
    const [size, files] = ["max-size", "max-file"].map((option) => container.read("logOpts").at(option).text);
    const bounded = ["json-file", "local"].includes(driver) && size !== undefined && files !== undefined;
    return when(driver !== "none" && !bounded, `its log (${driver}) has no max-size and max-file`);
  },
});
