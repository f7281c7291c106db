import { describe, expect, it } from "vitest";

import { taskById } from "../../gates/tasks.ts";
import { servicesOf, serviceOf } from "../../engine/docker.ts";
import { PROBES } from "../../probes/index.ts";
import { planOf } from "../harness/plans.ts";

/** Every task that is measured, once: a probe that is dropped is a visible change. */
const MEASURED = [
  ...["0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.10", "0.11"],
  ...["1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8", "1.10", "1.11", "1.12"],
  ...["2.1", "2.2", "2.3", "2.5", "2.6", "2.7", "2.8", "2.9", "2.10", "2.11", "2.12"],
  ...[
    "3.1",
    "3.2",
    "3.3",
    "3.4",
    "3.5",
    "3.6",
    "4.1",
    "4.2",
    "4.3",
    "4.4",
    "4.6",
    "4.7",
    "5.2",
    "5.3",
    "5.4",
    "6.1",
    "6.3",
    "7.2",
  ],
];

describe("the probes", () => {
  it("measure these tasks, in order", () => {
    expect(PROBES.map(({ task }) => task)).toEqual(MEASURED);
  });

  it("measure tasks that are decided by evidence", () => {
    for (const { task } of PROBES) expect(["artefact", "probe"]).toContain(taskById(task)?.kind);
  });

  it("that are quick are those that find drift at every up", () => {
    expect(PROBES.filter(({ quick }) => quick === true).map(({ task }) => task)).toEqual([
      "1.10",
      "2.5",
      "2.6",
      "2.7",
      "2.8",
      "2.11",
    ]);
  });

  it("that bring systems up, or speak of what was committed, run on demand only", () => {
    expect(PROBES.filter(({ onDemand }) => onDemand === true).map(({ task }) => task)).toEqual([
      "1.5",
      "1.8",
      "2.1",
      "2.10",
      "3.3",
      "3.6",
      "4.1",
      "4.2",
      "4.3",
      "4.6",
      "4.7",
      "5.3",
      "5.4",
      "6.1",
      "6.3",
      "7.2",
    ]);
  });

  it("name services that the plan has", async () => {
    const services = servicesOf(await planOf("dev")).map(serviceOf);
    for (const { mends = [] } of PROBES) for (const service of mends) expect(services).toContain(service);
  });
});
