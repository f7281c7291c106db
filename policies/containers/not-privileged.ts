import { type Rule, when } from "../rule.ts";
import { containerRule } from "./container.ts";

/** No container is privileged. */
export const notPrivileged: Rule = containerRule({
  id: "containers-are-not-privileged",
  level: "mandatory",
  must: "no container is privileged",
  why: "a privileged container is root on the host",
  fix: "remove privileged",
  sources: ["CIS Docker 5.5"],
  reads: "Container.privileged",
  findFaults: (container) => when(container.read("privileged").flag, "privileged is true"),
});
