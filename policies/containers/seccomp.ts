import { type Rule, when } from "../rule.ts";
import { containerRule, securityOptions } from "./container.ts";

/** No container turns seccomp off. */
export const seccomp: Rule = containerRule({
  id: "containers-keep-seccomp",
  level: "mandatory",
  must: "no container turns seccomp off",
  why: "the default profile refuses the system calls that most escapes begin with",
  fix: "remove seccomp=unconfined",
  sources: ["CIS Docker 5.22"],
  reads: "Container.securityOpts",
  findFaults: (container) => when(securityOptions(container).includes("seccomp:unconfined"), "seccomp is turned off"),
});
