import { type Rule, when } from "../rule.ts";
import { containerRule } from "./container.ts";

/** Every container has a limit on memory. */
export const limitMemory: Rule = containerRule({
  id: "containers-limit-memory",
  level: "mandatory",
  must: "every container has a limit on memory",
  why: "one leak takes the whole host with it",
  fix: "set memory, in MiB",
  sources: ["CIS Docker 5.11"],
  reads: "Container.memory",
  findFaults: (container) => {
    const memory = container.read("memory").amount;
    return when(memory < 6, `memory is ${memory === 0 ? "not set" : `${memory} MiB, below what Docker takes`}`);
  },
});
