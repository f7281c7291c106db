import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { leastOdooMemoryMiB, memoryLimits, mostWorkers } from "../../components/odoo-sizing.ts";

const MIB = 1024 * 1024;

test.each([
  [0.25, 1],
  [0.5, 2],
  [1, 3],
  [2, 5],
  [2.5, 6],
  [8, 17],
])("%d cpus help at most %i workers", (cpus, workers) => {
  expect(mostWorkers(cpus)).toBe(workers);
});

// Odoo's own estimate: 0.8 × 150 MiB + 0.2 × 1 GiB = 324.8 MiB a process, the parent left out.
test.each([
  [{ workers: 1, cronWorkers: 1 }, 975],
  [{ workers: 2, cronWorkers: 1 }, 1300],
  [{ workers: 4, cronWorkers: 1 }, 1949],
  [{ workers: 13, cronWorkers: 2 }, 5197],
])("%o need %i MiB", (odoo, memoryMiB) => {
  expect(leastOdooMemoryMiB(odoo)).toBe(memoryMiB);
});

describe("limits at which a worker is recycled", () => {
  test.each([
    [512, 1024, 1280],
    [1024, 1024, 1280],
    [1536, 1536, 1920],
    [2048, 2048, 2560],
    [16384, 2048, 2560],
  ])("with %i MiB: soft %i MiB, hard %i MiB", (memoryMiB, soft, hard) => {
    expect(memoryLimits(memoryMiB)).toEqual({ softBytes: soft * MIB, hardBytes: hard * MIB });
  });

  test("are whole bytes, the hard one above the soft one", () => {
    const wrong = fc.check(
      fc.property(fc.integer({ min: 512, max: 1_048_576 }), (memoryMiB) => {
        const { softBytes, hardBytes } = memoryLimits(memoryMiB);
        return Number.isInteger(softBytes) && Number.isInteger(hardBytes) && hardBytes > softBytes;
      }),
    );
    expect(wrong.counterexample).toBeNull();
  });
});
