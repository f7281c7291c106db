import { type Rule, when } from "../rule.ts";
import { containerRule, securityOptions } from "./container.ts";

/** No container turns AppArmor off. */
export const appArmor: Rule = containerRule({
  id: "containers-keep-apparmor",
  level: "mandatory",
  must: "no container turns AppArmor off",
  why: "Docker's default profile is the second lock where a kernel has AppArmor",
  fix: "remove apparmor=unconfined",
  sources: ["CIS Docker 5.2"],
  reads: "Container.securityOpts",
  findFaults: (container) => when(securityOptions(container).includes("apparmor:unconfined"), "AppArmor is turned off"),
});
