import { expect, test } from "vitest";

import { PHASES } from "../../plan/phase.ts";

test("the phases are those of the master plan, in its order: outputs are numbered by it", () => {
  expect(PHASES).toEqual([
    "Platform Readiness",
    "Infrastructure Baseline",
    "Database Initialization",
    "CE + OCA Parity",
    "Odoo.sh Operational Parity",
    "Enterprise Extras",
    "Production Launch",
    "Operate & Learn",
  ]);
});
