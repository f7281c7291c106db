import { type Rule, when } from "../rule.ts";
import { containerRule, runs } from "./container.ts";

/** A container that runs has an init process. */
export const reaps: Rule = containerRule({
  id: "containers-reap-their-processes",
  level: "advisory",
  must: "a container that runs has an init process",
  why: "without one, ended children stay and signals are lost",
  fix: "set init to true",
  sources: [],
  reads: "Container.init, start",
  findFaults: (container) => when(runs(container) && !container.read("init").flag, "init is not true"),
});
