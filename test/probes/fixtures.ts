import type Docker from "dockerode";

import type { ExecResult } from "../../engine/docker.ts";
import { gateFacts } from "../../gates/json.ts";
import type { Measurement, Probe, ProbeContext } from "../../probes/probe.ts";
import { planOf, ROOT } from "../harness/plans.ts";

export const NOW = new Date("2026-03-01T12:00:00.000Z");

/** What a command in a container printed. */
export function printed(stdout: string, changes: Partial<ExecResult> = {}): ExecResult {
  return { exitCode: 0, stdout, stderr: "", ...changes };
}

/** A context on the plan of dev in which nothing runs, unless told otherwise. */
export async function contextWith(changes: Partial<ProbeContext> = {}): Promise<ProbeContext> {
  const plan = await planOf("dev");
  return {
    root: ROOT,
    stack: "dev",
    plan,
    settings: gateFacts(plan).settings,
    docker: {} as Docker,
    now: NOW,
    exec: () => Promise.reject(new Error("nothing runs here")),
    secret: () => Promise.reject(new Error("there are no secrets here")),
    ...changes,
  };
}

/** A probe that finds this. */
export function probeThat(measure: Probe["measure"], changes: Partial<Probe> = {}): Probe {
  return { task: "2.5", ttlDays: 7, needs: "system", measure, ...changes };
}

export const HELD: Measurement = { holds: true, measured: { rules: 9 }, limit: { rules: 9 }, detail: "9 rules" };
