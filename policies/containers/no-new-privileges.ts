import { type Rule, when } from "../rule.ts";
import { containerRule, securityOptions } from "./container.ts";

/** No process gains privileges by running a program. */
export const noNewPrivileges: Rule = containerRule({
  id: "containers-gain-no-privileges",
  level: "mandatory",
  must: "no process gains privileges by running a program",
  why: "a forgotten setuid program makes root",
  fix: 'set securityOpts to ["no-new-privileges:true"]',
  sources: ["CIS Docker 5.26"],
  reads: "Container.securityOpts",
  findFaults: (container) =>
    when(
      !securityOptions(container).some((option) => /^no-new-privileges(:true)?$/.test(option)),
      "securityOpts has no no-new-privileges:true",
    ),
});
