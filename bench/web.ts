import { join } from "node:path";

import { connectDocker } from "../engine/docker.ts";
import { buildImage } from "../engine/image-build.ts";
import { planStack } from "../engine/stack-plan.ts";
import { type PlannedResource, resourcesOf, textOf, TYPES } from "../plan/plan.ts";
import type { StackOutputs } from "../stacks/outputs.ts";
import { median, print, spread } from "./report.ts";
import { startStock } from "./stock.ts";
import { load } from "./wrk.ts";

const ROUNDS = 5;
const CLIENTS = 8;
const SECONDS = 10;

/**
 * Requests per second and 95th percentile of the login page: stock Odoo over plain HTTP (A) against the stack dev
 * through its TLS (B), in one run, A B A B …, so that whatever else the machine does meets both.
 *
 * The stack dev must be up, with images built from Debian's packages: its Odoo then is the stock one's.
 */
export async function benchWeb(root: string): Promise<void> {
  const docker = connectDocker();
  const plan = await planStack("dev", { root });
  const imageOf = (wanted: string): PlannedResource => {
    const image = resourcesOf(plan, TYPES.image).find(({ name }) => name === wanted);
    if (image === undefined)
      throw new Error(`the plan builds no image ${wanted}; run \`npm run up\` where no image registry is in reach`);
    return image;
  };
  const nameOf = (image: string) => textOf(imageOf(image), "imageName");
  const { gate, urls } = plan.outputs as unknown as StackOutputs;
  const base = (imageOf("postgres").inputs["build"] as { args: { BASE: string } }).args.BASE;
  const image = "odoo-platform/bench:wrk";
  await buildImage(docker, {
    context: join(root, "bench"),
    dockerfile: join(root, "bench/Dockerfile"),
    tag: image,
    args: { BASE: base },
  });

  const stock = await startStock(
    docker,
    { postgres: nameOf("postgres"), odoo: nameOf("odoo-debian") },
    gate.settings.odoo.modules,
  );
  try {
    const measure = {
      A: () =>
        load(docker, {
          image,
          network: stock.network,
          url: `${stock.url}/web/login`,
          clients: CLIENTS,
          seconds: SECONDS,
        }),
      B: () =>
        load(docker, {
          image,
          network: `${plan.project}-${plan.stack}-edge`,
          url: `${urls.odoo}/web/login`,
          clients: CLIENTS,
          seconds: SECONDS,
        }),
    };
    await measure.A();
    await measure.B();
    const results: { A: Awaited<ReturnType<typeof load>>[]; B: Awaited<ReturnType<typeof load>>[] } = { A: [], B: [] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const side of ["A", "B"] as const) results[side].push(await measure[side]());
    }
    const rates = results.A.map((a, i) => (results.B[i]?.requestsPerSecond ?? 0) / a.requestsPerSecond);
    const tails = results.A.map((a, i) => (results.B[i]?.p95Ms ?? 0) / a.p95Ms);
    print([
      ["web", "stock (A)", "platform over TLS (B)", "B / A", "spread"],
      [
        "requests/s",
        ...(["A", "B"] as const).map((side) => median(results[side].map((r) => r.requestsPerSecond)).toFixed(1)),
        `${median(rates).toFixed(2)}×`,
        spread(rates),
      ],
      [
        "p95, ms",
        ...(["A", "B"] as const).map((side) => median(results[side].map((r) => r.p95Ms)).toFixed(0)),
        `${median(tails).toFixed(2)}×`,
        spread(tails),
      ],
      [
        "errors",
        ...(["A", "B"] as const).map((side) => String(results[side].reduce((sum, r) => sum + r.errors, 0))),
        "",
        "",
      ],
    ]);
  } finally {
    await stock.remove();
  }
}
