import { type Rule, when } from "../rule.ts";
import { containerRule, securityOptions } from "./container.ts";

/** No container turns SELinux labels off. */
export const seLinux: Rule = containerRule({
  id: "containers-keep-selinux",
  level: "mandatory",
  must: "no container turns SELinux labels off",
  why: "labels keep a container from files of the host where a kernel has SELinux",
  fix: "remove label=disable",
  sources: ["CIS Docker 5.3"],
  reads: "Container.securityOpts",
  findFaults: (container) =>
    when(securityOptions(container).includes("label:disable"), "SELinux labels are turned off"),
});
