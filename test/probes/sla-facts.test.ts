import { expect, test } from "vitest";

import { outagesOf } from "../../probes/sla-facts.ts";

const at = (seconds: number) => new Date(seconds * 1000).toISOString();

test("times at which Odoo was down are spans, each with the step before it", () => {
  expect(outagesOf([], 10)).toEqual([]);
  expect(outagesOf([100], 10)).toEqual([{ from: at(90), to: at(100) }]);
  expect(outagesOf([100, 110, 120, 200, 210], 10)).toEqual([
    { from: at(90), to: at(120) },
    { from: at(190), to: at(210) },
  ]);
});
