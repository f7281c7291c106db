import { type Rule, when } from "../rule.ts";
import { numberIn, odooRule, serves } from "./odoo.ts";

/** Odoo runs 1 worker or more, and no more than 2 × cpus + 1. */
export const workersFit: Rule = odooRule({
  id: "odoo-workers-fit-the-cpus",
  level: "mandatory",
  must: "Odoo runs 1 worker or more, and no more than 2 × cpus + 1",
  why: "with 0 it serves one request at a time and chat breaks; above the rule of thumb workers wait for each other",
  fix: "set odoo.workers, or odoo.cpus",
  sources: ['Odoo 19 "System configuration": worker number calculation'],
  reads: "Container.envs: ODOO_WORKERS; cpus",
  findFaults: (container) => {
    const [workers, cpus] = [numberIn(container, "ODOO_WORKERS"), container.read("cpus").amount];
    const most = Math.floor(2 * cpus) + 1;
    return [
      ...when(workers < 1, "ODOO_WORKERS is 0"),
      ...when(serves(container) && workers > most, `${workers} workers are more than ${most} for ${cpus} cpus`),
    ];
  },
});
