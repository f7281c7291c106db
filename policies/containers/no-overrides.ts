import type { Rule } from "../rule.ts";
import { containerRule } from "./container.ts";

/** No container overrides host names, name servers or kernel settings. */
export const noOverrides: Rule = containerRule({
  id: "containers-keep-names-and-kernel-settings",
  level: "mandatory",
  must: "no container overrides host names, name servers or kernel settings",
  why: "a name that is pinned to an address survives the move of the service; a sysctl is the host's",
  fix: "remove hosts, sysctls, and name servers other than 127.0.0.1, which is none",
  sources: [],
  reads: "Container.hosts, dns, sysctls",
  findFaults: (container) => [
    ...["hosts", "sysctls"].filter((input) => container.read(input).present).map((input) => `${input} is set`),
    ...container
      .read("dns")
      .texts.filter((server) => server !== "127.0.0.1")
      .map((server) => `its name server is ${server}`),
  ],
});
