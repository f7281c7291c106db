import { type Rule, when } from "../rule.ts";
import { containerRule } from "./container.ts";

/** No container chooses its parent cgroup or the host's cgroups. */
export const ownCgroup: Rule = containerRule({
  id: "containers-keep-their-cgroup",
  level: "mandatory",
  must: "no container chooses its parent cgroup or the host's cgroups",
  why: "limits that hold for Docker's cgroup no longer hold",
  fix: "remove cgroupParent and cgroupnsMode",
  sources: ["CIS Docker 5.25"],
  reads: "Container.cgroupParent, cgroupnsMode",
  findFaults: (container) => [
    ...when(container.read("cgroupParent").present, `cgroupParent is ${container.read("cgroupParent").text}`),
    ...when(container.read("cgroupnsMode").text === "host", "cgroupnsMode is host"),
  ],
});
