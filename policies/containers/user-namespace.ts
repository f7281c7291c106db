import { type Rule, when } from "../rule.ts";
import { containerRule } from "./container.ts";

/** No container opts out of user namespaces. */
export const userNamespace: Rule = containerRule({
  id: "containers-stay-off-the-hosts-users",
  level: "mandatory",
  must: "no container opts out of user namespaces",
  why: "where the Engine maps users, this one would be the host's",
  fix: "remove usernsMode",
  sources: ["CIS Docker 5.31"],
  reads: "Container.usernsMode",
  findFaults: (container) => when(container.read("usernsMode").text === "host", "usernsMode is host"),
});
