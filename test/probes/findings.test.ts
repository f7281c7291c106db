import { describe, expect, it } from "vitest";

import { type CertificateState, type ContainerState, findFindings, span, type Survey } from "../../probes/findings.ts";

const AT = "2026-03-01T12:00:00.000Z";
const odoo: ContainerState = {
  service: "odoo",
  name: "p-odoo",
  state: "running",
  job: false,
  health: "healthy",
  limitMiB: 2048,
};
const job: ContainerState = {
  service: "odoo-init",
  name: "p-odoo-init",
  state: "exited",
  exitCode: 0,
  job: true,
  limitMiB: 2048,
};
const certificate: CertificateState = {
  what: "odoo.localhost",
  validFrom: "Mar  1 00:00:00 2026 GMT",
  validTo: "Mar  1 23:00:00 2026 GMT",
  mend: "docker restart p-edge",
  renewedDaysBefore: 0,
};
const volume = {
  volume: "p-data",
  container: "p-postgres",
  image: "pg:1",
  path: "/data",
  owner: "999:999",
  user: "999:999",
};
const survey: Survey = {
  stack: "dev",
  at: AT,
  engineAt: AT,
  containers: [odoo, job],
  certificates: [certificate],
  volumes: [volume],
  records: [{ what: "the evidence of task 2.5", at: "2026-03-01T11:59:00.000Z" }],
};
const findings = (changes: Partial<Survey>) => findFindings({ ...survey, ...changes });

describe("a stack", () => {
  it("in which nothing is wrong has no findings", () => {
    expect(findings({})).toEqual([]);
  });

  it("that is not up has one, not one per container", () => {
    expect(
      findings({
        containers: [
          { ...odoo, state: "absent" },
          { ...job, state: "absent" },
        ],
      }),
    ).toEqual(["stack dev is not up; run `npm run platform -- up --stack dev`"]);
  });

  it.each<[string, readonly ContainerState[], string]>([
    [
      "a missing container",
      [{ ...odoo, state: "absent" }, job],
      "p-odoo is missing; run `npm run platform -- up --stack dev`",
    ],
    [
      "a stopped one",
      [{ ...odoo, state: "exited" }, job],
      "odoo is exited; read `npm run platform -- logs odoo --stack dev`, then run `npm run platform -- up --stack dev`",
    ],
    [
      "an unhealthy one",
      [{ ...odoo, health: "unhealthy" }, job],
      "odoo is unhealthy; read `npm run platform -- logs odoo --stack dev`",
    ],
    [
      "a failed job",
      [odoo, { ...job, exitCode: 3 }],
      "the job odoo-init is exited with exit code 3; read `npm run platform -- logs odoo-init --stack dev`",
    ],
  ])("with %s", (_what, containers, finding) => {
    expect(findings({ containers })).toEqual([finding]);
  });
});

describe("a volume", () => {
  it("with an edited owner is named, with the command that gives it back", () => {
    expect(findings({ volumes: [{ ...volume, owner: "0:0" }] })).toEqual([
      "volume p-data (/data in p-postgres) belongs to 0:0, not to 999:999, who must write it; run `docker run --rm --user 0 --network none --entrypoint chown --volume p-data:/data pg:1 -R 999:999 /data`",
    ]);
  });
});

describe("a certificate", () => {
  it.each<[string, Partial<CertificateState>, string]>([
    [
      "that expired",
      { validTo: "Mar  1 11:59:59 2026 GMT" },
      "the certificate of odoo.localhost expired at 2026-03-01T11:59:59.000Z; run `docker restart p-edge`",
    ],
    [
      "that is not valid yet",
      { validFrom: "Mar  2 00:00:00 2026 GMT", validTo: "Mar  3 00:00:00 2026 GMT" },
      "the certificate of odoo.localhost is valid from 2026-03-02T00:00:00.000Z only; set this machine's clock, or run `docker restart p-edge`",
    ],
    [
      "that should have been renewed",
      { validTo: "Mar  5 00:00:00 2026 GMT", renewedDaysBefore: 7 },
      "the certificate of odoo.localhost ends at 2026-03-05T00:00:00.000Z and was not renewed; run `docker restart p-edge`",
    ],
    ["that can't be read", { fault: "ECONNREFUSED" }, "the certificate of odoo.localhost can't be read: ECONNREFUSED"],
  ])("%s", (_what, changes, finding) => {
    expect(findings({ certificates: [{ ...certificate, ...changes }] })).toEqual([finding]);
  });
});

describe("a clock", () => {
  const MEND = "set it, for example with `timedatectl set-ntp true`";

  it.each<[string, string, string]>([
    ["a day behind the Engine's", "2026-03-02T12:00:00.000Z", "24 h"],
    ["a day ahead of it", "2026-02-28T12:00:00.000Z", "24 h"],
    ["six minutes off", "2026-03-01T12:06:00.000Z", "6 min"],
  ])("%s", (_what, engineAt, by) => {
    expect(findings({ engineAt })).toEqual([
      `this machine's clock says ${AT}, the Docker Engine's ${engineAt}: one of them is wrong by ${by}; ${MEND}`,
    ]);
  });

  it("that is behind what was written down", () => {
    const records = ["2026-03-02T12:00:00.000Z", "2026-03-04T12:00:00.000Z"].map((at) => ({
      what: `evidence of ${at}`,
      at,
    }));
    expect(findings({ records })).toEqual([
      `this machine's clock says ${AT}, but evidence of 2026-03-04T12:00:00.000Z is of 2026-03-04T12:00:00.000Z, 3 days later: the clock is or was wrong; ${MEND}`,
    ]);
  });

  it("may differ by what clocks differ", () => {
    expect(
      findings({ engineAt: "2026-03-01T12:04:00.000Z", records: [{ what: "x", at: "2026-03-01T12:04:00.000Z" }] }),
    ).toEqual([]);
  });

  it("tells lengths in their largest unit", () => {
    expect([30_000, 90 * 60_000, -26 * 3_600_000, 80 * 3_600_000].map(span)).toEqual([
      "1 min",
      "2 h",
      "26 h",
      "3 days",
    ]);
  });
});
