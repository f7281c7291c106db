import { randomBytes } from "node:crypto";
import type { Agent } from "node:https";

import { type Answer, keepAlive, type Site, siteOf } from "./https.ts";
import { json2, logIn, mintApiKey, type OdooSession } from "./odoo-client.ts";
import { fromFaults, type Probe } from "./probe.ts";

/** A record without consequences: no mail, no followers, no accounting. */
const MODEL = "res.partner.category";
/** Bundles that the web client loads later, when a view needs them. */
const LAZY_BUNDLES = ["web.assets_backend_lazy"];
const KEY_MINUTES = 10;

/**
 * Does what a person and a program do first: the administrator logs in through the form, over TLS through the edge; an
 * API key is made, creates, reads and deletes a record over JSON-2 and is removed, after which it no longer works; every
 * script and stylesheet of the login page and of the web client loads. Everything it makes, it removes.
 *
 * Scripts are loaded, not run: a browser does that in the end-to-end tests.
 */
export const login: Probe = {
  task: "2.12",
  ttlDays: 7,
  needs: "system",
  measure: async (context) => {
    const site = await siteOf(context, context.settings.edge.hosts.odoo);
    const password = await context.secret("odoo-init", "odoo-admin-password");
    const agent = keepAlive();
    try {
      const session = await logIn(site, agent, { login: "admin", password });
      const { database } = context.settings.odoo;
      const [api, assets] = await Promise.all([
        exerciseApi(site, agent, session, { password, database, now: context.now }),
        loadAssets(session),
      ]);
      await session.logout();
      const bad = assets.filter(({ fault }) => fault !== undefined);
      const faults = [
        ...api.faults,
        ...bad.map(({ url, fault }) => `${url} ${fault ?? ""}`),
        ...(assets.some(({ url }) => url.includes(".js")) && assets.some(({ url }) => url.includes(".css"))
          ? []
          : ["the web client names no scripts or no stylesheets"]),
      ];
      return fromFaults(faults, {
        measured: {
          uid: session.uid,
          api: api.steps,
          assets: Object.fromEntries(assets.map(({ url, bytes }) => [url, bytes])),
        },
        limit: { api: { create: 200, read: 200, unlink: 200, "after removal": 401 }, assets: "200 and not empty" },
        held: `admin logs in, an API key writes and reads over JSON-2, and ${assets.length} assets load`,
      });
    } finally {
      agent.destroy();
    }
  },
};

interface ApiRun {
  readonly steps: { readonly [step: string]: number };
  readonly faults: readonly string[];
}

async function exerciseApi(
  site: Site,
  agent: Agent,
  session: OdooSession,
  args: { password: string; database: string; now: Date },
): Promise<ApiRun> {
  const name = `platform verify ${randomBytes(6).toString("hex")}`;
  const { key, remove } = await mintApiKey(session, {
    name,
    minutes: KEY_MINUTES,
    password: args.password,
    now: args.now,
  });
  const call = (method: string, body: unknown) =>
    json2(site, agent, { key, database: args.database, model: MODEL, method, body });
  const steps: Record<string, number> = {};
  const faults: string[] = [];
  try {
    const created = await call("create", { vals_list: [{ name }] });
    steps["create"] = created.status;
    const ids = created.status === 200 ? (created.result as number[]) : [];
    const read = await call("read", { ids, fields: ["name"] });
    steps["read"] = read.status;
    if ((read.result as { name?: string }[])[0]?.name !== name) faults.push("JSON-2 does not read what it created");
    steps["unlink"] = (await call("unlink", { ids })).status;
  } finally {
    await remove();
  }
  const after = await call("search_count", { domain: [] });
  steps["after removal"] = after.status;
  if (after.status !== 401) faults.push(`a removed API key still gets ${after.status}`);
  for (const step of ["create", "read", "unlink"]) {
    if (steps[step] !== 200) faults.push(`JSON-2 ${step} answers ${steps[step] ?? "nothing"}`);
  }
  return { steps, faults };
}

interface Asset {
  readonly url: string;
  readonly bytes: number;
  readonly fault: string | undefined;
}

async function loadAssets(session: OdooSession): Promise<Asset[]> {
  const [loginPage, client, ...bundles] = await Promise.all([
    session.get("/web/login"),
    session.get("/odoo"),
    ...LAZY_BUNDLES.map((bundle) => session.get(`/web/bundle/${bundle}`)),
  ]);
  if (client.status !== 200) throw new Error(`the web client answers ${client.status}`);
  const urls = new Set([
    ...assetUrls(loginPage.body),
    ...assetUrls(client.body),
    ...bundles.flatMap(({ body }) => (JSON.parse(body) as { src: string }[]).map(({ src }) => src)),
  ]);
  return Promise.all([...urls].sort().map(async (url) => ({ url, ...judge(url, await session.get(url)) })));
}

/** Scripts and stylesheets that a page of Odoo names. */
export function assetUrls(page: string): string[] {
  const tags = page.match(/<(?:script|link)\b[^>]*>/g) ?? [];
  return tags.flatMap((tag) => {
    if (tag.startsWith("<link") && !/rel="[^"]*stylesheet/.test(tag)) return [];
    const url = /\b(?:data-src|src|href)="([^"]+)"/.exec(tag)?.[1];
    return url === undefined || !url.startsWith("/") ? [] : [url.replaceAll("&amp;", "&")];
  });
}

/** What is wrong with an asset. Odoo answers 200 for a stylesheet that it could not compile, and says so inside. */
export function judge(url: string, { status, headers, body }: Answer): { bytes: number; fault: string | undefined } {
  const bytes = Buffer.byteLength(body);
  const kind = url.split("?")[0]?.endsWith(".css") === true ? "css" : "javascript";
  if (status !== 200) return { bytes, fault: `answers ${status}` };
  if (bytes === 0) return { bytes, fault: "is empty" };
  if (!(headers["content-type"] ?? "").includes(kind))
    return { bytes, fault: `is ${headers["content-type"] ?? "of no type"}, not ${kind}` };
  if (body.includes("## CSS error message ##")) return { bytes, fault: "did not compile" };
  return { bytes, fault: undefined };
}
