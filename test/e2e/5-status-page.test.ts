import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openBrowser, screenshotPath } from "./harness/browser.ts";
import { alterByHand } from "./harness/docker.ts";
import { platform, ROOT, succeed } from "./harness/platform.ts";
import { gate, statusOf } from "./harness/verdicts.ts";

const COMPOSE = ["--engine", "compose"];
const URL = "https://status.localhost:8443/";
const PHONE = { width: 390, height: 844 };

let browser: Browser;

beforeAll(async () => {
  await succeed(["up", ...COMPOSE]);
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  await succeed(["up", ...COMPOSE]);
});

/** The page in a browser without JavaScript, and what went wrong with it. */
async function visit(
  view: { width: number; height: number },
  look: (page: Page) => Promise<void>,
  colorScheme: "light" | "dark" = "light",
): Promise<string[]> {
  const page = await browser.newPage({ viewport: view, colorScheme, javaScriptEnabled: false });
  const failed: string[] = [];
  page.on("console", (message) => void (message.type() === "error" && failed.push(message.text())));
  page.on("response", (response) => void (response.status() >= 400 && failed.push(response.url())));
  page.on("request", (request) => void (request.url().startsWith(URL) || failed.push(request.url())));
  try {
    await page.goto(URL);
    await look(page);
  } finally {
    await page.close();
  }
  return failed.filter((url) => !url.endsWith("/favicon.ico"));
}

describe("the status page", () => {
  it("shows every phase and task as the gate decides them, without JavaScript and without anything from elsewhere", async () => {
    const phases = await gate();
    const failed = await visit({ width: 1280, height: 900 }, async (page) => {
      await page.screenshot({ path: screenshotPath("status-page"), fullPage: true });
      expect(await page.title()).toMatch(/^Stack dev: (GO|PARTIAL|NO-GO|PENDING)$/);
      for (const { phase, title, verdict, passed, total, tasks } of phases) {
        const summary = await page.locator("summary", { hasText: title }).innerText();
        expect(summary.replace(/\s+/g, " ")).toBe(`${verdict} ${phase} ${title} ${passed} of ${total}`);
        for (const { id, status } of tasks) {
          expect(await page.locator(`[id="task-${id}"] .status`).textContent(), id).toBe(status);
        }
      }
    });
    expect(failed).toEqual([]);
  });

  it.each(["light", "dark"] as const)("is whole on a phone, in %s", async (scheme) => {
    await visit(
      PHONE,
      async (page) => {
        await page.screenshot({ path: screenshotPath(`status-page-phone-${scheme}`) });
        for (const box of await page.locator("h1, h2, h3, p, li, summary").all()) {
          const place = await box.boundingBox();
          if (place !== null) expect(place.x + place.width).toBeLessThanOrEqual(PHONE.width);
        }
        const sizes = await page.locator("p").first().boundingBox();
        expect(sizes?.height ?? 0).toBeGreaterThan(10);
      },
      scheme,
    );
  });

  it("says what was altered by hand and what mends it, and after that nothing of it", async () => {
    await alterByHand("odoo", { ODOO_LIST_DB: "True" });
    await platform(["verify", "--task", "1.10"]);
    await visit(PHONE, async (page) => {
      const wrong = page.locator("section", { hasText: "What is wrong" }).first();
      expect(await wrong.innerText()).toContain("1.10 What runs is what was planned");
      expect(await wrong.innerText()).toContain("npm run platform -- up --stack dev");
      await page.screenshot({ path: screenshotPath("status-page-fault") });
    });
    await succeed(["up", ...COMPOSE]);
    await visit(PHONE, async (page) => {
      expect(await page.locator("section", { hasText: "What is wrong" }).first().innerText()).not.toContain("1.10 ");
    });
  });
});

describe("evidence", () => {
  it("that was edited by hand is NO-GO, and measured anew by up", async () => {
    const file = join(ROOT, "evidence/dev/2.9.json");
    const evidence = JSON.parse(readFileSync(file, "utf8")) as object;
    writeFileSync(file, JSON.stringify({ ...evidence, detail: "all is well" }));
    expect(await statusOf(["2.9"])).toEqual({ "2.9": "NO-GO" });
    await succeed(["up", ...COMPOSE]);
    expect(await statusOf(["2.9"])).toEqual({ "2.9": "GO" });
  });
});
