import type Docker from "dockerode";
import { z } from "zod";

import { containerName, execIn, plannedContainer } from "../engine/docker.ts";
import { Fault } from "../engine/fault.ts";
import { gateFacts } from "../gates/json.ts";
import { type SlaFacts, windowSeconds } from "../gates/records/sla.ts";
import type { Plan } from "../plan/plan.ts";
import type { StackOutputs } from "../stacks/outputs.ts";

/** How often the page of Odoo is asked for (docker/monitoring/platform-monitoring, job `sites`). */
const PROBE_SECONDS = 10;
/** Points that an outage's begin and end are looked for at. */
const POINTS = 1000;
const SITE = 'job="sites", site="odoo"';

const answerSchema = z.object({
  status: z.literal("success"),
  data: z.object({
    result: z.array(
      z.object({
        value: z.tuple([z.number(), z.string()]).optional(),
        values: z.array(z.tuple([z.number(), z.string()])).optional(),
      }),
    ),
  }),
});

/**
 * What Prometheus measured in the agreed window, and what the newest drill did.
 *
 * @throws Fault where nothing watches the stack, or Prometheus does not answer.
 */
export async function slaFacts(docker: Docker, plan: Plan, now: Date): Promise<SlaFacts> {
  const { stack } = plan;
  const { settings, evidence } = gateFacts(plan);
  if (settings.monitoring === undefined)
    throw new Fault(
      `Nothing watches stack ${stack}. Set monitoring.enabled in Pulumi.${stack}.yaml, and run \`npm run platform -- up --stack ${stack}\`.`,
    );
  const host = new URL((plan.outputs as unknown as StackOutputs).urls.odoo).host;
  const { window } = settings.sla;
  const seconds = windowSeconds(window);
  const container = containerName(plannedContainer(plan, "prometheus"));
  const ask = async (path: string, given: { readonly [name: string]: string }) => {
    const values = Object.entries(given).flatMap(([name, value]) => ["--data-urlencode", `${name}=${value}`]);
    const command = ["curl", "-sS", "--max-time", "60", ...values, `http://127.0.0.1:9090/api/v1/${path}`];
    const { stdout, stderr } = await execIn(docker, container, command).catch((error: unknown) => {
      throw new Fault(`Prometheus of stack ${stack} can't be asked: ${String(error)}`);
    });
    const { data } = answerSchema.safeParse(json(stdout));
    if (data === undefined) throw new Fault(`Prometheus of stack ${stack} says ${stdout.slice(0, 300) || stderr}`);
    return data.data.result;
  };
  const number = async (query: string): Promise<number | undefined> => {
    const [found] = await ask("query", { query, time: String(now.getTime() / 1000) });
    const value = Number(found?.value?.[1]);
    return Number.isFinite(value) ? value : undefined;
  };
  const step = Math.max(PROBE_SECONDS, Math.ceil(seconds / POINTS));
  const end = now.getTime() / 1000;
  const down = await ask("query_range", {
    query: `min_over_time(probe_success{${SITE}}[${step}s]) == 0`,
    ...{ start: String(end - seconds), end: String(end), step: String(step) },
  });
  const drill = evidence
    .filter(({ task, holds }) => task === "4.3" && holds)
    .sort((a, b) => a.at.localeCompare(b.at))
    .at(-1);
  return {
    stack,
    agreement: settings.sla,
    asked: (await number(`count_over_time(probe_success{${SITE}}[${window}])`)) ?? 0,
    answered: (await number(`sum_over_time(probe_success{${SITE}}[${window}])`)) ?? 0,
    expected: seconds / PROBE_SECONDS,
    p95: await number(
      `histogram_quantile(0.95, sum by (le) (rate(caddy_http_request_duration_seconds_bucket{job="edge", handler="subroute", code!="101", host="${host}"}[${window}])))`,
    ),
    outages: outagesOf(down[0]?.values?.map(([at]) => at) ?? [], step),
    drill: drill === undefined ? undefined : worst(drill.measured, drill.at),
  };
}

/** Times at which it was down, as spans: each time stands for the step before it. */
export function outagesOf(times: readonly number[], step: number): { from: string; to: string }[] {
  const spans: { from: number; to: number }[] = [];
  for (const time of times) {
    const last = spans.at(-1);
    if (last !== undefined && time - last.to <= step) last.to = time;
    else spans.push({ from: time - step, to: time });
  }
  return spans.map(({ from, to }) => ({ from: iso(from), to: iso(to) }));
}

/** The worst region of a drill: which one is left after a disaster is nobody's choice. */
function worst(measured: unknown, at: string): SlaFacts["drill"] {
  const reports = z
    .array(z.object({ rpoSeconds: z.number().nullable(), rtoSeconds: z.number().nullable() }))
    .safeParse(measured);
  if (!reports.success || reports.data.length === 0) return undefined;
  const most = (values: readonly (number | null)[]) => Math.max(...values.map((value) => value ?? Infinity));
  const [rpo, rto] = [most(reports.data.map((one) => one.rpoSeconds)), most(reports.data.map((one) => one.rtoSeconds))];
  return Number.isFinite(rpo) && Number.isFinite(rto) ? { rpo, rto, at } : undefined;
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
