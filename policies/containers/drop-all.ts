import { type Rule, when } from "../rule.ts";
import { containerRule } from "./container.ts";

/** Every container drops all Linux capabilities. */
export const dropsAll: Rule = containerRule({
  id: "containers-drop-all-capabilities",
  level: "mandatory",
  must: "every container drops all Linux capabilities",
  why: "a capability that nobody asked for is one that an intruder has",
  fix: 'set capabilities.drops to ["ALL"], and name in adds what is needed',
  sources: ["CIS Docker 5.4"],
  reads: "Container.capabilities.drops",
  findFaults: (container) => {
    const drops = container.read("capabilities.drops").texts;
    return when(!drops.includes("ALL"), `capabilities.drops is [${drops.join(", ")}] and must hold ALL`);
  },
});
