import { type Rule, when } from "../rule.ts";
import { containerRule } from "./container.ts";

/** No container shares processes with the host or another container. */
export const offHostPid: Rule = containerRule({
  id: "containers-have-processes-of-their-own",
  level: "mandatory",
  must: "no container shares processes with the host or another container",
  why: "it could read their memory and stop them",
  fix: "remove pidMode",
  sources: ["CIS Docker 5.16"],
  reads: "Container.pidMode",
  findFaults: (container) => when(container.read("pidMode").present, `pidMode is ${container.read("pidMode").text}`),
});
