import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { containerOf, docker } from "./harness/docker.ts";
import { call, json2, mintKey } from "./harness/odoo.ts";
import { platform, succeed } from "./harness/platform.ts";
import { removeStack, siteOf, writeStack } from "./harness/stack.ts";
import { until } from "./harness/until.ts";

/** A stack of its own that is watched, with alerts that wait for seconds instead of minutes. */
const STACK = "watched";
const at = siteOf(STACK);

interface Mail {
  readonly id: number;
  readonly recipients: readonly string[];
  readonly subject: string;
}
interface Alert {
  readonly labels: { readonly [name: string]: string };
  readonly state: string;
}

const ask = async <T>(site: string, path: string): Promise<T> => {
  const { status, text } = await call(path, { ...at, host: `${site}.watched.localhost` });
  if (status !== 200) throw new Error(`${site}${path} answered ${status}: ${text}`);
  return JSON.parse(text) as T;
};
const prometheus = async <T>(path: string): Promise<T> => (await ask<{ data: T }>("metrics", `/api/v1/${path}`)).data;
const mails = () => ask<Mail[]>("mail", "/messages");
const firing = async () =>
  (await prometheus<{ alerts: Alert[] }>("alerts")).alerts
    .filter(({ state }) => state === "firing")
    .map(({ labels }) => labels["alertname"] ?? "");

beforeAll(async () => {
  await removeStack(STACK);
  writeStack(STACK, {
    mail: { enabled: true },
    sla: { window: "2m", p95Milliseconds: 60_000 },
    monitoring: { enabled: true, alerts: { mailTo: ["on-call@example.com"], longestWaitSeconds: 5 } },
  });
  await succeed(["up", "--stack", STACK, "--engine", "compose"]);
});
afterAll(async () => {
  await removeStack(STACK);
});

describe("what watches", () => {
  it("sees every target, and has every rule that the alerts' playbooks are of", async () => {
    await until("every target", async () => {
      const { activeTargets } = await prometheus<{ activeTargets: { health: string }[] }>("targets");
      return activeTargets.length >= 10 && activeTargets.every(({ health }) => health === "up");
    });
    const { groups } = await prometheus<{ groups: { rules: { type: string; health: string }[] }[] }>("rules");
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.filter(({ type }) => type === "alerting").length).toBeGreaterThanOrEqual(29);
    await until("every rule evaluated", async () => {
      const now = await prometheus<{ groups: { rules: { health: string }[] }[] }>("rules");
      return now.groups.flatMap((group) => group.rules).every(({ health }) => health === "ok");
    });
    await until("the watchdog", async () => (await firing()).includes("Watchdog"));
    // First pages are slow, and with waits of seconds that is told.
    await until("nothing else", async () => (await firing()).every((name) => ["Watchdog", "OdooSlow"].includes(name)));
  });

  it("tells people by mail what is gone, and that it is back", async () => {
    const exporter = docker.getContainer(containerOf("postgres-exporter", STACK));
    await exporter.stop();
    await until("the alert", async () => (await firing()).includes("MonitoringTargetDown"));
    const about = async (state: string) =>
      (await mails()).filter(
        ({ subject }) => subject.includes(`[${state}`) && subject.includes("MonitoringTargetDown"),
      );
    await until("the mail", async () => (await about("FIRING")).length > 0);
    expect((await about("FIRING"))[0]?.recipients.join()).toContain("on-call@example.com");
    await exporter.start();
    await until("the mail that it is over", async () => (await about("RESOLVED")).length > 0);
  });

  it("has playbooks whose every block runs (7.2), which are NO-GO while it is gone", async () => {
    await succeed(["verify", "--stack", STACK, "--task", "7.2"]);
    await docker.getContainer(containerOf("prometheus", STACK)).stop();
    const broken = await platform(["verify", "--stack", STACK, "--task", "7.2"]);
    expect(broken.exitCode).toBe(1);
    expect(broken.stdout).toContain("7.2 does not hold: ");
    await docker.getContainer(containerOf("prometheus", STACK)).start();
  });

  it("is NO-GO for 5.3 while nobody drilled", async () => {
    const missing = await platform(["verify", "--stack", STACK, "--task", "5.3"]);
    expect(missing.stdout).toContain("no drill is on record");
    expect(missing.exitCode).toBe(1);
  });
});

describe("what was agreed", () => {
  const terms = async () => {
    const { exitCode, stdout } = await platform(["sla", "--stack", STACK, "--json"]);
    const { terms, outages } = JSON.parse(stdout) as {
      terms: { term: string; met: boolean }[];
      outages: { from: string; to: string }[];
    };
    return { exitCode, outages, met: terms.flatMap(({ term, met }) => (met ? [term.split(" ")[0]] : [])) };
  };

  it("is held against what was measured, and not met while nobody drilled (6.4)", async () => {
    let found = await terms();
    const watched = async () => (found = await terms()).met.includes("watched");
    await until("two minutes that were watched", watched, 300);
    const { exitCode, met, outages } = found;
    expect([exitCode, met, outages]).toEqual([1, ["watched", "available", "answered"], []]);
  });

  it("is missed once Odoo was away, and the report says when", async () => {
    const odoo = docker.getContainer(containerOf("odoo", STACK));
    await odoo.pause();
    await sleep(25_000);
    await odoo.unpause();
    await until("the outage", async () => (await terms()).outages.length > 0);
    expect((await terms()).met).not.toContain("available");
  });
});

describe("a mail that Odoo sends", () => {
  it("is caught and shown, whoever it is for, and reaches nobody", async () => {
    const key = await mintKey(STACK);
    const odoo = { ...at, host: "odoo.watched.localhost" };
    const values = { subject: "Invoice 42", body_html: "<p>Pay</p>", email_to: "customer@elsewhere.example" };
    const ids = (await json2(key, "mail.mail", "create", { vals_list: [values] }, odoo)) as number[];
    await json2(key, "mail.mail", "send", { ids }, odoo);
    await until("the mail", async () => (await mails()).some(({ subject }) => subject === "Invoice 42"));
    const [caught] = (await mails()).filter(({ subject }) => subject === "Invoice 42");
    expect(caught?.recipients.join()).toContain("customer@elsewhere.example");
  });
});
