import { expect, test } from "vitest";

import { stackFindings, table } from "../../cli/doctor.ts";
import { findFindings, type Survey } from "../../probes/findings.ts";

const container = { service: "postgres", name: "shop-dev-postgres", job: false, limitMiB: 768 };
const UP: Survey = {
  stack: "dev",
  at: "2026-01-02T00:00:00.000Z",
  engineAt: "2026-01-02T00:00:01.000Z",
  containers: [{ ...container, state: "running", health: "healthy" }],
  certificates: [
    {
      what: "postgres",
      validFrom: "2025-12-01T00:00:00.000Z",
      validTo: "2026-02-01T00:00:00.000Z",
      mend: "docker restart shop-dev-postgres",
      renewedDaysBefore: 0,
    },
  ],
  volumes: [
    {
      volume: "shop-dev-data",
      container: "shop-dev-postgres",
      image: "shop/postgres:1",
      path: "/data",
      owner: "999:999",
      user: "999:999",
    },
  ],
  records: [],
};
const DOWN: Survey = { ...UP, containers: [{ ...container, state: "absent" }], certificates: [], volumes: [] };

test("a stack with nothing wrong is one line", () => {
  expect(stackFindings(UP, findFindings)).toEqual([
    {
      check: "stack",
      level: "ok",
      finding: "nothing is wrong with its 1 containers, 1 volumes, 1 certificates and the clock",
    },
  ]);
});

test("a stack that isn't up is no fault of the machine, but its clock is", () => {
  expect(stackFindings(DOWN, findFindings)).toEqual([
    { check: "stack", level: "ok", finding: "stack dev is not up; nothing is wrong with the clock" },
  ]);
  const off = stackFindings({ ...DOWN, engineAt: "2026-01-03T00:00:00.000Z" }, findFindings);
  expect(off).toHaveLength(1);
  expect(off[0]).toMatchObject({ level: "fail" });
  expect(off[0]?.mend).toContain("timedatectl");
});

test.each([
  [
    "an unhealthy container",
    { containers: [{ ...container, state: "running", health: "unhealthy" }] },
    /postgres is unhealthy/,
    /platform -- logs postgres/,
  ],
  [
    "an edited volume owner",
    { volumes: UP.volumes.map((volume) => ({ ...volume, owner: "0:0" })) },
    /shop-dev-data .* belongs to 0:0/,
    /docker run .*--volume shop-dev-data:\/data shop\/postgres:1 -R 999:999 \/data/,
  ],
  [
    "an expired certificate",
    { certificates: UP.certificates.map((certificate) => ({ ...certificate, validTo: "2026-01-01T00:00:00.000Z" })) },
    /certificate of postgres expired at 2026-01-01/,
    /^docker restart shop-dev-postgres$/,
  ],
  ["a clock a day ahead of the Engine's", { engineAt: "2026-01-01T00:00:00.000Z" }, /wrong by 24 h/, /timedatectl/],
  [
    "a clock behind what was recorded",
    { records: [{ what: "the evidence of task 2.9", at: "2026-01-03T00:00:00.000Z" }] },
    /the evidence of task 2\.9 is of 2026-01-03/,
    /timedatectl/,
  ],
])("fails for %s, with what mends it", (_what, changes, finding, mend) => {
  const found = stackFindings({ ...UP, ...changes }, findFindings);
  expect(found).toEqual([
    {
      check: "stack",
      level: "fail",
      finding: expect.stringMatching(finding) as string,
      mend: expect.stringMatching(mend) as string,
    },
  ]);
});

test("the table gives every mend a line of its own, to be copied whole", () => {
  const text = table([
    { check: "node", level: "ok", finding: "Node 22.0.0" },
    { check: "ports", level: "fail", finding: "In use:\n8443", mend: "ss -ltnp" },
  ]);
  expect(text.split("\n")).toEqual([
    "ok    node   Node 22.0.0",
    "fail  ports  In use:",
    "             8443",
    "             → ss -ltnp",
  ]);
});
