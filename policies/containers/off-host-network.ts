import { type Rule, when } from "../rule.ts";
import { containerRule } from "./container.ts";

/** No container shares the network of the host or of another container. */
export const offHostNetwork: Rule = containerRule({
  id: "containers-stay-off-the-hosts-network",
  level: "mandatory",
  must: "no container shares the network of the host or of another container",
  why: "there every port of the host is its own",
  fix: "set networkMode to bridge with networksAdvanced, or to none",
  sources: ["CIS Docker 5.10"],
  reads: "Container.networkMode",
  findFaults: (container) => {
    const mode = container.read("networkMode").word;
    return when(mode === "host" || mode.startsWith("container:"), `networkMode is ${mode}`);
  },
});
