import { Readable } from "node:stream";

import type Docker from "dockerode";
import { describe, expect, it } from "vitest";

import { containerName, servicesOf } from "../../engine/docker.ts";
import { findFindings } from "../../probes/findings.ts";
import { surveyStack } from "../../probes/survey.ts";
import { planOf, ROOT } from "../harness/plans.ts";
import { NOW } from "./fixtures.ts";

const plan = await planOf("dev");
const absent = () => Promise.reject(Object.assign(new Error("no such container"), { statusCode: 404 }));

/** An archive of one empty folder of this owner, as the Engine gives it. */
function folderOf(uid: number, gid: number): Readable {
  const header = Buffer.alloc(512);
  header.write("data/", 0);
  header.write(uid.toString(8).padStart(7, "0"), 108);
  header.write(gid.toString(8).padStart(7, "0"), 116);
  header.write("5", 156);
  return Readable.from([Buffer.concat([header, Buffer.alloc(1024)])]);
}

/** An Engine in which these containers are stopped, and every folder belongs to root. */
function engineWith(...stopped: string[]): Docker {
  const getContainer = (name: string) =>
    stopped.includes(name)
      ? {
          inspect: () =>
            Promise.resolve({
              State: { Status: "exited", ExitCode: 137, Running: false },
              Config: { Image: "postgres:1" },
              Created: "2026-03-01T11:00:00.000Z",
            }),
          getArchive: () => Promise.resolve(folderOf(0, 0)),
        }
      : { inspect: absent, getArchive: absent };
  return { getContainer, info: () => Promise.resolve({ SystemTime: "2026-03-01T12:00:01Z" }) } as unknown as Docker;
}

describe("a survey", () => {
  it("of a stack that isn't up finds no container, and nothing else to complain of", async () => {
    const survey = await surveyStack({ root: ROOT, docker: engineWith(), plan, now: NOW });
    expect(survey.containers.map(({ name, state }) => `${name} ${state}`)).toEqual(
      servicesOf(plan)
        .map((container) => `${containerName(container)} absent`)
        .sort(),
    );
    expect(findFindings(survey)).toEqual(["stack dev is not up; run `npm run platform -- up --stack dev`"]);
  });

  it("sees owners of volumes and the time of a container that does not run", async () => {
    const survey = await surveyStack({ root: ROOT, docker: engineWith("odoo-platform-dev-postgres"), plan, now: NOW });
    expect(survey.engineAt).toBe("2026-03-01T12:00:01.000Z");
    expect(survey.containers.find(({ service }) => service === "postgres")).toMatchObject({
      state: "exited",
      exitCode: 137,
    });
    expect(survey.volumes.map(({ volume, owner, user }) => `${volume} ${owner} ${user}`)).toEqual([
      "odoo-platform-dev-postgres-data 0:0 999:999",
      "odoo-platform-dev-postgres-run 0:0 999:999",
      "odoo-platform-dev-postgres-ca 0:0 999:999",
    ]);
    expect(survey.certificates).toMatchObject([
      { what: "postgres", fault: expect.stringContaining("is no file") as string },
    ]);
    expect(survey.records).toContainEqual({
      what: "the container odoo-platform-dev-postgres",
      at: "2026-03-01T11:00:00.000Z",
    });
  });
});
