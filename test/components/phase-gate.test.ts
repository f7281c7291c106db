import { expect, test } from "vitest";

import { PhaseGate } from "../../components/phase-gate.ts";
import type { PhaseVerdict } from "../../plan/phase.ts";
import { TYPES } from "../../plan/plan.ts";
import { register } from "../harness/register.ts";

test("a phase is a resource whose inputs are its verdict, so that policies see what people see", async () => {
  const verdict: PhaseVerdict = {
    phase: 2,
    title: "Database Initialization",
    verdict: "PARTIAL",
    passed: 1,
    total: 2,
    tasks: [
      { id: "2.1", title: "DB init runbook", owner: "Platform", kind: "artefact", status: "GO", detail: "runs" },
      {
        id: "2.5",
        title: "Start PostgreSQL",
        owner: "DevOps",
        kind: "probe",
        status: "PENDING",
        detail: "no evidence yet",
      },
    ],
  };
  const { resources } = await register(() => {
    new PhaseGate("phase2", verdict);
  });
  expect(resources.find(({ type }) => type === TYPES.phase)).toMatchObject({
    name: "phase2",
    custom: false,
    inputs: verdict,
  });
});
