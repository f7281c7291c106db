import { type Rule, when } from "../rule.ts";
import { containerRule, runs } from "./container.ts";

/** The root file system of every container that runs is read-only. */
export const readOnlyRoot: Rule = containerRule({
  id: "containers-have-a-read-only-root",
  level: "mandatory",
  must: "the root file system of every container that runs is read-only",
  why: "what can be written can be planted, and is lost with the next image",
  fix: "set readOnly, and tmpfs or a volume for what must be written",
  sources: ["CIS Docker 5.13"],
  reads: "Container.readOnly, start",
  findFaults: (container) => when(runs(container) && !container.read("readOnly").flag, "readOnly is not true"),
});
