import type { Rule } from "../rule.ts";
import { containerRule, serviceOf } from "./container.ts";

/** Ports below 1024 are what the edge is for. */
const ALLOWED: { readonly [service: string]: readonly string[] } = { edge: ["NET_BIND_SERVICE"] };

/** A container gets back only capabilities from a short list, by service. */
export const listedCapabilities: Rule = containerRule({
  id: "containers-add-listed-capabilities-only",
  level: "mandatory",
  must: "a container gets back only capabilities from a short list, by service",
  why: "NET_ADMIN, SYS_ADMIN and their like are a way to the host",
  fix: "take the capability out of capabilities.adds, or add it to the list in policies/containers/listed-capabilities.ts with a reason",
  sources: ["CIS Docker 5.4"],
  reads: "Container.capabilities.adds, labels",
  findFaults: (container) => {
    const allowed = ALLOWED[serviceOf(container)] ?? [];
    return container
      .read("capabilities.adds")
      .texts.map((add) => add.replace(/^CAP_/, ""))
      .filter((add) => !allowed.includes(add))
      .map((add) => `capability ${add} is not on the list of ${serviceOf(container)}`);
  },
});
