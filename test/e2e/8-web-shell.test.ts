import { setTimeout as sleep } from "node:timers/promises";

import * as OTPAuth from "otpauth";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openBrowser, screenshotPath } from "./harness/browser.ts";
import { alterByHand, containerOf, docker, inService, sql } from "./harness/docker.ts";
import { call } from "./harness/odoo.ts";
import { makePerson, removePerson, signIn } from "./harness/people.ts";
import { platform, run, succeed } from "./harness/platform.ts";
import { secretValues } from "./harness/secrets.ts";
import { readerOf, sessionOf, SHELL_URL, shownIn, shows, terminalOf } from "./harness/terminal.ts";
import { statusOf } from "./harness/verdicts.ts";

const UP = ["up", "--engine", "compose", "--no-verify"];

let browser: Browser;
let password = "";

beforeAll(async () => {
  await succeed(UP);
  browser = await openBrowser();
  password = await makePerson("tess", ["tester"]);
});

afterAll(async () => {
  await browser.close();
  await succeed(UP);
  await removePerson("tess");
});

const open = () => browser.newContext({ viewport: { width: 1100, height: 700 } });

describe("an administrator", () => {
  let otp: OTPAuth.TOTP;
  let secret = "";

  it("signs on with a password and a second factor, and has Odoo's shell in the browser", async () => {
    secret = await makePerson("ada", ["admin"]);
    const page = await (await open()).newPage();
    await page.goto(SHELL_URL);
    await page.screenshot({ path: screenshotPath("sign-on") });
    await signIn(page, "ada", secret);
    await page.click("#mode-manual");
    const shared = await page.textContent("#kc-totp-secret-key");
    otp = new OTPAuth.TOTP({ secret: shared?.replace(/\s/g, "") ?? "" });
    await page.fill("#totp", otp.generate());
    await page.click("#saveTOTPBtn");
    expect(await shows(page, "Which?")).toMatch(/DEVELOPMENT +ada/);
    await page.keyboard.type("odoo-shell\n");
    await shows(page, ">>>");
    await page.keyboard.type("print(env['res.users'].search_count([]) * 1000)\n");
    await shows(page, /^\d+000$/m);
    await page.screenshot({ path: screenshotPath("web-shell") });
    await page.keyboard.type("exit()\n");
    await shows(page, "[ended: closed]");
    const { recording, ...session } = await sessionOf("ada");
    expect(session).toEqual({ kind: "odoo-shell", ended: true });
    expect(await inService("shell-gate", ["cat", recording])).toMatch(/\d+000/);
  });

  it("isn't let in by the password alone, nor by a wrong or a used second factor", async () => {
    const asked = async () => {
      const page = await (await open()).newPage();
      await page.goto(SHELL_URL);
      await signIn(page, "ada", secret);
      await page.waitForSelector("#otp");
      return page;
    };
    const refused = async (page: Page, code: string) => {
      await page.fill("#otp", code);
      await page.click("#kc-login");
      await page.waitForSelector("#input-error-otp-code, #input-error-otp");
      expect(page.url()).toMatch(/^https:\/\/id\.localhost/);
    };
    const page = await asked();
    const next = await asked();
    await refused(page, "000000");
    // A code of a half minute of its own, which nobody gave before, is good for a minute: once.
    await sleep(otp.remaining() + 500);
    const code = otp.generate();
    await page.fill("#otp", code);
    await page.click("#kc-login");
    await shows(page, "Which?");
    await refused(next, code);
    await removePerson("ada");
  });

  it("is one from the beginning, by the generated password", async () => {
    const page = await (await open()).newPage();
    await page.goto(SHELL_URL);
    await signIn(page, "admin", secretValues("dev")["identity-admin-password"] ?? "");
    // Theirs is made at their first sign-on.
    await page.waitForSelector("#mode-manual, #otp");
  });
});

describe("a tester", () => {
  it("has the documented views to read, and no other terminal", async () => {
    const page = await terminalOf(await open(), "tess", password);
    await page.keyboard.type("psql\n");
    await shows(page, /Which\? psql\s+Which\?/);
    await page.keyboard.type("report\n");
    await shows(page, "odoo=>");
    await page.keyboard.type("SELECT count(*) FROM public.res_users;\n");
    await shows(page, "permission denied for schema public");
    await page.keyboard.type("\\! ls /run/secrets /var/lib/odoo\n");
    const shown = await shows(page, "odoo-reporting-password");
    expect(shown).not.toContain("odoo-db-password");
    expect(shown).not.toContain("filestore");
    await page.close();
  });

  it("in no group that may is told so", async () => {
    const password = await makePerson("nora", ["analyst"]);
    const page = await (await open()).newPage();
    await page.goto(SHELL_URL);
    await signIn(page, "nora", password);
    await page.waitForURL(`${SHELL_URL}/`);
    expect(await page.textContent("body")).toContain("in no group that may open a shell");
    await removePerson("nora");
  });

  it("who is removed is out of an open terminal within half a minute", async () => {
    const page = await readerOf(await open(), "gone", await makePerson("gone", ["tester"]));
    await removePerson("gone");
    await shows(page, "[ended: signed out]", 30);
    expect(await sessionOf("gone")).toMatchObject({ ended: true });
    await page.reload();
    await page.waitForURL(/^https:\/\/id\.localhost/);
  });
});

describe("the record", () => {
  it("of each terminal is in every region within a minute or two", async () => {
    const { recording } = await sessionOf("ada");
    const name = recording.split("/").at(-1) ?? "";
    const script = [
      "from platform_backup.settings import read_settings",
      "from platform_backup.tools import restic",
      "settings = read_settings()",
      "for region in settings.regions:",
      "    print(restic(settings, region, 'ls', 'latest', '--host', 'recordings', '--no-lock'))",
    ].join("\n");
    let copies = 0;
    for (let tries = 0; copies < 3 && tries < 30; tries += 1) {
      const listed = await inService("backup", ["python3", "-c", script]).catch(() => "");
      copies = listed.split("\n").filter((line) => line.endsWith(name)).length;
      if (copies < 3) await sleep(5000);
    }
    expect(copies).toBe(3);
  });

  it("comes first: where it can't be written, no terminal opens, and 4.4 is NO-GO until it can", async () => {
    await sql("REVOKE INSERT ON monitoring.sessions FROM shell");
    const page = await terminalOf(await open(), "tess", password);
    await page.keyboard.type("report\n");
    await shows(page, "The session can't be written down, so it is not opened.");
    await platform(["verify", "--task", "4.4"]);
    expect(await statusOf(["4.4"])).toEqual({ "4.4": "NO-GO" });
    await sql("GRANT INSERT ON monitoring.sessions TO shell");
    await platform(["verify", "--task", "4.4"]);
    expect(await statusOf(["4.4"])).toEqual({ "4.4": "GO" });
  });

  it("is kept of who works at the machine too", async () => {
    const typed =
      "{ sleep 4; echo report; sleep 3; echo \"SELECT upper('at the machine');\"; sleep 1; echo '\\q'; sleep 1; }";
    const shell = `node cli/platform.mjs shell`;
    const { stdout } = await run("bash", ["-c", `${typed} | script -qec '${shell}' /dev/null`]);
    expect(stdout).toContain("AT THE MACHINE");
    const { recording, ...session } = await sessionOf("local:root");
    expect(session).toEqual({ kind: "report", ended: true });
    expect(await inService("shell-gate", ["cat", recording])).toContain("AT THE MACHINE");
    const url = await succeed(["shell", "--url"]);
    expect(url.stdout).toBe(`${SHELL_URL}\n`);
    expect((await platform(["shell"])).exitCode).toBe(2);
  });
});

describe("what watches", () => {
  it("sees every site of the stack answer", async () => {
    const seen = async () => {
      const { text } = await call("/api/v1/query?query=probe_success", { host: "metrics.localhost" });
      const { data } = JSON.parse(text) as {
        data: { result: { metric: { site: string }; value: [number, string] }[] };
      };
      return Object.fromEntries(data.result.map(({ metric, value }) => [metric.site, value[1]] as const).sort());
    };
    const sites = ["id", "mail", "mcp", "metrics", "odoo", "shell", "status"];
    const wanted = Object.fromEntries(sites.map((site) => [site, "1"]));
    let found = await seen();
    for (let tries = 0; JSON.stringify(found) !== JSON.stringify(wanted) && tries < 30; tries += 1) {
      await sleep(2000);
      found = await seen();
    }
    expect(found).toEqual(wanted);
  });
});

describe("limits", () => {
  it("end a terminal that nobody types in, and one whose time is up, whoever holds it open", async () => {
    await alterByHand("shell-gate", { IDLE_MINUTES: "0.15", SESSION_MINUTES: "0.3" });
    const page = await readerOf(await open(), "tess", password);
    await shows(page, "[ended: idle]", 15);
    await page.reload();
    await shows(page, "Which?");
    await page.keyboard.type("report\n");
    const started = performance.now();
    while (!(await shownIn(page)).includes("[ended:") && performance.now() - started < 30_000) {
      await page.keyboard.type(" ");
      await sleep(1000);
    }
    expect(await shownIn(page)).toContain("[ended: time is up]");
    expect(await sessionOf("tess")).toMatchObject({ ended: true });
    await alterByHand("shell-gate", { IDLE_MINUTES: "15", SESSION_MINUTES: "60" });
  });
});

describe("an issuer that is away", () => {
  it("leaves who is signed in where they are, and tells who comes so; it is back when it is", async () => {
    const page = await readerOf(await open(), "tess", password);
    const keycloak = docker.getContainer(containerOf("keycloak"));
    await keycloak.stop();
    try {
      const stranger = await (await open()).newPage();
      expect((await stranger.goto(SHELL_URL))?.status()).toBe(503);
      expect(await stranger.textContent("body")).toContain("Sign-on is not available just now");
      await stranger.goto("https://odoo.localhost:8443/platform/sign-on");
      expect(await stranger.textContent(".alert")).toContain("Sign-on can't be reached");
      await sleep(25_000);
      await page.keyboard.type("SELECT upper('still here');\n");
      await shows(page, "STILL HERE");
    } finally {
      // As in a database that was restored on a new host, whose secrets are others.
      await sql("UPDATE client SET secret = 'of another host' WHERE client_id = 'platform-init'", {
        database: "keycloak",
      });
      await keycloak.start();
    }
    await succeed(UP);
    for (let tries = 0; (await keycloak.inspect()).State.Health?.Status !== "healthy" && tries < 200; tries += 1)
      await sleep(500);
    const init = docker.getContainer(containerOf("identity-init"));
    await init.start();
    expect(await init.wait()).toMatchObject({ StatusCode: 0 });
    await (await terminalOf(await open(), "tess", password)).close();
  });
});
