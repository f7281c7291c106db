import { type Rule, when } from "../rule.ts";
import { odooRule, processesOf, serves } from "./odoo.ts";

/** The memory of Odoo holds its processes: 20 % heavy ones of 1 GiB, the rest of 150 MiB. */
export const memoryFits: Rule = odooRule({
  id: "odoo-memory-fits-its-processes",
  level: "mandatory",
  must: "the memory of Odoo holds its processes: 20 % heavy ones of 1 GiB, the rest of 150 MiB",
  why: "the kernel kills a worker in the middle of a posting",
  fix: "raise odoo.memoryMiB, or lower odoo.workers",
  sources: ['Odoo 19 "System configuration": memory size calculation'],
  reads: "Container.envs: ODOO_WORKERS, ODOO_CRON_WORKERS; memory",
  findFaults: (container) => {
    if (!serves(container)) return [];
    const [memory, needed] = [container.read("memory").amount, (processesOf(container) - 1) * (0.8 * 150 + 0.2 * 1024)];
    return when(memory < needed, `memory is ${memory} MiB, and ${Math.ceil(needed)} are needed`);
  },
});
