import { type Rule, when } from "../rule.ts";
import { containerRule } from "./container.ts";

/** The limit on swap is set, and equals that on memory. */
export const setSwap: Rule = containerRule({
  id: "containers-do-not-swap",
  level: "mandatory",
  must: "the limit on swap is set, and equals that on memory",
  why: "unset, a container may swap as much again, and the provider reports a difference for ever",
  fix: "set memorySwap to the value of memory",
  sources: [],
  reads: "Container.memorySwap, memory",
  findFaults: (container) => {
    const [memory, swap] = [container.read("memory").number, container.read("memorySwap").number];
    return when(
      swap === undefined || swap !== memory,
      `memorySwap is ${swap ?? "not set"}, memory ${memory ?? "not set"}`,
    );
  },
});
