import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openBrowser, screenshotPath } from "./harness/browser.ts";
import { sql } from "./harness/docker.ts";
import { endSignOns, leaveGroups, makePerson, removePerson, signIn } from "./harness/people.ts";
import { succeed } from "./harness/platform.ts";
import { SHELL_URL, shows } from "./harness/terminal.ts";
import { until } from "./harness/until.ts";

const ODOO = "https://odoo.localhost:8443";
const PERSON = "dora";

let browser: Browser;
let password = "";

beforeAll(async () => {
  await succeed(["up", "--engine", "compose", "--no-verify"]);
  browser = await openBrowser();
  password = await makePerson(PERSON, ["developer"]);
});

afterAll(async () => {
  await browser.close();
  await removePerson(PERSON);
  // Whoever has this name next is somebody else there.
  await sql(`UPDATE res_users SET oauth_uid = NULL WHERE login = '${PERSON}@example.com'`);
});

const open = () => browser.newContext({ viewport: { width: 1280, height: 800 } });
const client = (page: Page) => page.waitForSelector(".o_main_navbar", { timeout: 120_000 });

/** Begins on Odoo's login page, and is at the issuer's form. */
async function begin(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${ODOO}/web/login`);
  await page.click('a[href*="/platform/sign-on"]');
  await page.waitForSelector("#username");
  return page;
}

async function signedOn(context: BrowserContext): Promise<Page> {
  const page = await begin(context);
  await signIn(page, PERSON, password);
  await client(page);
  return page;
}

const groupsOf = () =>
  sql(`SELECT string_agg(data.name, ' ' ORDER BY data.name)
    FROM res_users AS users JOIN res_groups_users_rel AS member ON member.uid = users.id
    JOIN ir_model_data AS data ON data.model = 'res.groups' AND data.res_id = member.gid
    WHERE users.login = '${PERSON}@example.com' AND data.module = 'ipai_platform'`);

describe("one sign-on", () => {
  it("lets in to Odoo, with the role that the issuer gives, and to the shell without another password", async () => {
    const context = await open();
    const page = await begin(context);
    await page.screenshot({ path: screenshotPath("sign-on-odoo") });
    await page.fill("#username", PERSON);
    await page.fill("#password", password);
    const started = performance.now();
    await page.click("#kc-login");
    await page.waitForURL(/\/odoo/);
    console.info(`from the issuer's form to Odoo took ${((performance.now() - started) / 1000).toFixed(1)} s`);
    await client(page);
    await page.screenshot({ path: screenshotPath("signed-on") });
    expect(await groupsOf()).toContain("group_operator");
    await page.goto(SHELL_URL);
    expect(await shows(page, "Which?")).toContain(PERSON);
    await context.close();
  });

  it("is over everywhere once somebody logs out of Odoo", async () => {
    const context = await open();
    const page = await signedOn(context);
    await page.goto(SHELL_URL);
    await shows(page, "Which?");
    await page.goto(`${ODOO}/web/session/logout`);
    await page.waitForURL(/\/web\/login/);
    await page.goto(SHELL_URL);
    await page.waitForSelector("#username");
    await page.goto(`${ODOO}/odoo`);
    await page.waitForURL(/\/web\/login/);
    await context.close();
  });

  it("is over in Odoo once the issuer ends it", async () => {
    const context = await open();
    const page = await signedOn(context);
    await endSignOns(PERSON);
    await until("the session's end", async () => {
      await page.goto(`${ODOO}/odoo`);
      return page.url().includes("/web/login");
    });
    await context.close();
  });

  it("takes away what the issuer no longer gives", async () => {
    await leaveGroups(PERSON);
    const context = await open();
    const page = await begin(context);
    await signIn(page, PERSON, password);
    await page.waitForURL(/sign_on=refused/);
    expect(await page.textContent(".alert")).toContain("have no account here");
    expect(await groupsOf()).toBe("");
    await context.close();
  });
});

/** Where the issuer sends the browser, which does not go there. */
function answerTo(devtools: CDPSession): Promise<string> {
  return new Promise((resolve, reject) => {
    devtools.on("Fetch.requestPaused", ({ requestId, responseHeaders = [] }) => {
      resolve(responseHeaders.find(({ name }) => name.toLowerCase() === "location")?.value ?? "");
      devtools.send("Fetch.failRequest", { requestId, errorReason: "Aborted" }).catch(reject);
    });
    const patterns = [{ urlPattern: "*/login-actions/authenticate*", requestStage: "Response" as const }];
    devtools.send("Fetch.enable", { patterns }).catch(reject);
  });
}

describe("an answer of the issuer", () => {
  it("lets nobody in but the browser that asked for it", async () => {
    const attacker = await open();
    const page = await begin(attacker);
    const answered = answerTo(await attacker.newCDPSession(page));
    await signIn(page, PERSON, password);
    const answer = await answered;
    expect(answer).toContain("https://odoo.localhost:8443/auth_oauth/signin?");
    const victim = await open();
    const theirs = await victim.newPage();
    await theirs.goto(answer);
    expect(theirs.url()).toContain("/web/login?sign_on=expired");
    expect(await theirs.textContent(".alert")).toContain("was not begun here");
    await theirs.screenshot({ path: screenshotPath("sign-on-refused") });
    await theirs.goto(`${ODOO}/odoo`);
    expect(theirs.url()).toContain("/web/login");
    await Promise.all([attacker.close(), victim.close()]);
  });
});
