import { setTimeout as sleep } from "node:timers/promises";

import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openBrowser } from "./harness/browser.ts";
import { containerOf, docker } from "./harness/docker.ts";
import { call } from "./harness/odoo.ts";
import { makePerson, removePerson } from "./harness/people.ts";
import { platform, succeed } from "./harness/platform.ts";
import { readerOf, SHELL_HOST, SHELL_URL, shows, terminalOf } from "./harness/terminal.ts";
import { statusOf } from "./harness/verdicts.ts";

let browser: Browser;
let password = "";

beforeAll(async () => {
  await succeed(["up", "--engine", "compose", "--no-verify"]);
  browser = await openBrowser();
  password = await makePerson("tess", ["tester"]);
});

afterAll(async () => {
  await browser.close();
  await removePerson("tess");
});

const open = () => browser.newContext();

async function cookieOf(context: BrowserContext): Promise<string> {
  const found = (await context.cookies(SHELL_URL)).find(({ name }) => name === "__Host-sign-on");
  return `__Host-sign-on=${found?.value ?? ""}`;
}

const socket = (headers: { readonly [name: string]: string }) =>
  call("/ws", {
    host: SHELL_HOST,
    headers: {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-protocol": "tty",
      ...headers,
    },
  });

describe("somebody else", () => {
  it("gets no socket with the cookies of who is signed on: not from another site, nor without saying from where", async () => {
    const context = await open();
    const page = await terminalOf(context, "tess", password);
    const cookie = await cookieOf(context);
    expect((await call("/token", { host: SHELL_HOST, headers: { cookie } })).status).toBe(200);
    for (const origin of ["https://odoo.localhost:8443", "https://shell.localhost", "null", ""])
      expect([origin, (await socket({ cookie, origin })).status]).toEqual([origin, 403]);
    await page.close();
  });

  it("is not let in by a cookie of who signed out, and their terminals end", async () => {
    const context = await open();
    const page = await readerOf(context, "tess", password);
    const cookie = await cookieOf(context);
    const other = await context.newPage();
    await other.goto(`${SHELL_URL}/auth/logout`);
    await shows(page, "[ended: signed out]", 15);
    expect((await call("/token", { host: SHELL_HOST, headers: { cookie } })).status).toBe(401);
    // At the issuer too: the next sign-on asks for the password.
    await other.goto(SHELL_URL);
    await other.waitForSelector("#kc-login, #kc-logout");
  });

  it("can't give a browser an answer of the issuer that it didn't ask for", async () => {
    const context = await open();
    const page = await terminalOf(context, "tess", password);
    const known = await context.cookies("https://id.localhost:8443/realms/platform/");
    const cookie = known.map(({ name, value }) => `${name}=${value}`).join("; ");
    const follow = async (to: string, headers = {}) => {
      const { hostname, pathname, search } = new URL(to);
      return call(`${pathname}${search}`, { host: hostname, headers });
    };
    const begun = await follow(`${SHELL_URL}/auth/login`);
    const answered = await follow(String(begun.headers["location"]), { cookie });
    const answer = String(answered.headers["location"]);
    expect(answer).toMatch(/^https:\/\/shell\.localhost:8443\/auth\/callback\?.*code=/);
    const victim = await follow(answer);
    expect(victim.status).toBe(400);
    expect(String(victim.headers["set-cookie"])).not.toContain("__Host-sign-on=");
    // Who asked for it gets in by it, once.
    const asked = { cookie: String(begun.headers["set-cookie"]).split(";")[0] ?? "" };
    expect((await follow(answer, asked)).status).toBe(302);
    expect((await follow(answer, asked)).status).toBe(400);
    await page.close();
  });

  it("can take some terminals and no more, and large frames bring down no other's", async () => {
    const other = await makePerson("otto", ["tester"]);
    const page = await terminalOf(await open(), "tess", password);
    const flood = page.evaluate(async () => {
      const sockets = Array.from({ length: 12 }, () => new WebSocket(`wss://${location.host}/ws`, ["tty"]));
      await new Promise((resolve) => setTimeout(resolve, 3000));
      const opened = sockets.filter(({ readyState }) => readyState === WebSocket.OPEN);
      // As the terminal's page asks for one: those that never ask are closed soon.
      for (const one of opened) one.send(new TextEncoder().encode('{"AuthToken":"","columns":80,"rows":24}'));
      await new Promise((resolve) => setTimeout(resolve, 5000));
      const codes = opened.map((one) => new Promise<number>((resolve) => (one.onclose = ({ code }) => resolve(code))));
      for (const one of opened) one.send(new Uint8Array(8 * 1024 * 1024));
      return Promise.all(codes);
    });
    // While all that one person may have are open.
    await sleep(5000);
    const beside = await readerOf(await open(), "otto", other);
    // One is the page's own. 1009: the message is too big; 1006: closed before the browser had sent it all.
    const codes = await flood;
    expect(codes).toHaveLength(3);
    for (const code of codes) expect([1006, 1009]).toContain(code);
    await beside.keyboard.type("SELECT 'still ' || 'here';\n");
    await shows(beside, "still here");
    await beside.close();
    await page.close();
    const after = await terminalOf(await open(), "tess", password);
    await after.close();
    await removePerson("otto");
    const { State, RestartCount } = await docker.getContainer(containerOf("shell-gate")).inspect();
    expect([State.Health?.Status, RestartCount]).toEqual(["healthy", 0]);
  });

  it("can't keep a socket that asks for no terminal", async () => {
    const page = await terminalOf(await open(), "tess", password);
    const code = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const socket = new WebSocket(`wss://${location.host}/ws`, ["tty"]);
          socket.onclose = (event) => resolve(event.code);
        }),
    );
    // Against the rules.
    expect(code).toBe(1008);
    await page.close();
  });

  it("reaches the gate and the terminals by no port of this machine", async () => {
    for (const service of ["shell-gate", "shell", "shell-reader", "sign-on", "keycloak"]) {
      const { NetworkSettings } = await docker.getContainer(containerOf(service)).inspect();
      expect([service, Object.values(NetworkSettings.Ports).flat().filter(Boolean)]).toEqual([service, []]);
    }
  });

  it("in a terminal reaches neither the edge nor who says who somebody is: a network more, and 4.4 is NO-GO", async () => {
    const network = docker.getNetwork("odoo-platform-dev-shell");
    await network.connect({ Container: containerOf("shell-reader") });
    await platform(["verify", "--task", "4.4"]);
    expect(await statusOf(["4.4"])).toEqual({ "4.4": "NO-GO" });
    await network.disconnect({ Container: containerOf("shell-reader") });
    await platform(["verify", "--task", "4.4"]);
    expect(await statusOf(["4.4"])).toEqual({ "4.4": "GO" });
  });

  it("finds nothing of the issuer at the edge but sign-on itself", async () => {
    const host = "id.localhost";
    for (const path of [
      "/realms/master",
      "/admin/master/console/",
      "/metrics",
      "/health",
      "/realms/platform/../master",
      "/realms/platform/%2e%2e/master",
      "/admin/realms/master",
    ])
      expect([path, (await call(path, { host })).status]).toEqual([path, 404]);
    expect((await call("/realms/platform/.well-known/openid-configuration", { host })).status).toBe(200);
  });
});
