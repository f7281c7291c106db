import { readFileSync } from "node:fs";
import { join } from "node:path";

import { connectDocker, containerName, serviceOf } from "../engine/docker.ts";
import { buildImage } from "../engine/image-build.ts";
import { planStack } from "../engine/stack-plan.ts";
import { type PlannedResource, resourcesOf, textOf, TYPES } from "../plan/plan.ts";
import type { StackOutputs } from "../stacks/outputs.ts";
import { median, print, spread } from "./report.ts";
import { logIn } from "./session.ts";
import { startStock } from "./stock.ts";
import { type Load, load, type Request } from "./wrk.ts";

const ROUNDS = 5;
const CLIENTS = 8;
const SECONDS = 10;

const CALL = {
  jsonrpc: "2.0",
  method: "call",
  params: {
    model: "res.partner",
    method: "search_read",
    args: [[]],
    kwargs: { fields: ["name", "email", "phone"], limit: 20 },
  },
};

/**
 * Requests per second and 95th percentile: stock Odoo over plain HTTP (A) against the stack dev through its TLS (B), in
 * one run, A B A B …, so that whatever else the machine does meets both. Two requests: the login page as somebody sees it
 * who comes for the first time, and what the web client does all day, reading records in a session.
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
  const service = resourcesOf(plan, TYPES.container).find((container) => serviceOf(container) === "odoo");
  if (service === undefined) throw new Error("the plan has no service odoo");
  const password = readFileSync(join(root, ".platform/dev/secrets/odoo-admin-password"), "utf8");
  try {
    const sides: readonly Side[] = [
      { network: stock.network, url: stock.url, cookie: await logIn(docker, stock.container, stock.credentials) },
      {
        network: `${plan.project}-${plan.stack}-edge`,
        url: urls.odoo,
        cookie: await logIn(docker, containerName(service), {
          db: gate.settings.odoo.database,
          login: "admin",
          password,
        }),
      },
    ];
    const requests: { readonly [title: string]: (side: Side) => Request } = {
      "login page": () => ({ path: "/web/login", expected: "csrf_token" }),
      search_read: ({ cookie }) => ({
        path: "/web/dataset/call_kw/res.partner/search_read",
        body: CALL,
        headers: { Cookie: cookie },
        expected: '"result"',
      }),
    };
    for (const [title, request] of Object.entries(requests)) {
      const measure = (side: Side) =>
        load(docker, { ...side, image, request: request(side), clients: CLIENTS, seconds: SECONDS });
      print(compare(title, await rounds(sides, measure)));
    }
  } finally {
    await stock.remove();
  }
}

interface Side {
  readonly network: string;
  readonly url: string;
  readonly cookie: string;
}

/** Measurements of each round, A's and B's; one of each before them that doesn't count. */
async function rounds(sides: readonly Side[], measure: (side: Side) => Promise<Load>): Promise<Load[][]> {
  const results: Load[][] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const result: Load[] = [];
    for (const side of sides) result.push(await measure(side));
    if (round > 0) results.push(result);
  }
  return results;
}

function compare(title: string, results: readonly (readonly Load[])[]): string[][] {
  const row = (what: string, digits: number, value: (load: Load) => number): string[] => {
    const column = (side: number) => results.map((round) => value(round[side] as Load));
    const [a, b] = [column(0), column(1)];
    const ratios = a.map((stock, round) => (b[round] as number) / stock);
    return [
      what,
      median(a).toFixed(digits),
      median(b).toFixed(digits),
      `${median(ratios).toFixed(2)}×`,
      spread(ratios),
    ];
  };
  const errors = (side: number) => String(results.reduce((sum, round) => sum + (round[side] as Load).errors, 0));
  return [
    [title, "stock (A)", "platform over TLS (B)", "B / A", "spread"],
    row("requests/s", 1, ({ requestsPerSecond }) => requestsPerSecond),
    row("p95, ms", 0, ({ p95Ms }) => p95Ms),
    ["errors", errors(0), errors(1), "", ""],
  ];
}
