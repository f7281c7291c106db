import { type Rule, when } from "../rule.ts";
import { numberIn, odooRule } from "./odoo.ts";

/** A worker is recycled before it holds the container's memory alone. */
export const memoryLimits: Rule = odooRule({
  id: "odoo-recycles-its-workers",
  level: "mandatory",
  must: "a worker is recycled before it holds the container's memory alone",
  why: "one report that leaks ends all other workers",
  fix: "set ODOO_LIMIT_MEMORY_SOFT to 1 GiB or more, and ODOO_LIMIT_MEMORY_HARD above it",
  sources: ['Odoo 19 "System configuration": limit-memory-soft'],
  reads: "Container.envs: ODOO_LIMIT_MEMORY_SOFT, ODOO_LIMIT_MEMORY_HARD",
  findFaults: (container) => {
    const [soft, hard] = [numberIn(container, "ODOO_LIMIT_MEMORY_SOFT"), numberIn(container, "ODOO_LIMIT_MEMORY_HARD")];
    return [
      ...when(soft < 2 ** 30, `the soft limit is ${soft} bytes, less than an idle worker has of virtual memory`),
      ...when(hard <= soft, `the hard limit ${hard} is not above the soft one ${soft}`),
    ];
  },
});
