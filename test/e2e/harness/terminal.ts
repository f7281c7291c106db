import { setTimeout as sleep } from "node:timers/promises";

import type { BrowserContext, Page } from "playwright-core";

import { sql } from "./docker.ts";
import { signIn } from "./people.ts";

export const SHELL_HOST = "shell.localhost";
export const SHELL_URL = `https://${SHELL_HOST}:8443`;

/** What a terminal of ttyd shows now. */
export function shownIn(page: Page): Promise<string> {
  return page.evaluate(() => {
    interface Lines {
      readonly length: number;
      readonly getLine: (line: number) => { translateToString: (trim: boolean) => string } | undefined;
    }
    const { active } = (window as unknown as { term: { buffer: { active: Lines } } }).term.buffer;
    return Array.from({ length: active.length }, (_, line) => active.getLine(line)?.translateToString(true)).join("\n");
  });
}

/** Waits until the terminal shows this. @throws Error with what it shows instead. */
export async function shows(page: Page, text: string | RegExp, seconds = 30): Promise<string> {
  for (let waited = 0; ; waited += 0.25) {
    // Before its page is there it shows nothing.
    const shown = await shownIn(page).catch(() => "");
    if (typeof text === "string" ? shown.includes(text) : text.test(shown)) return shown;
    if (waited >= seconds) throw new Error(`${String(text)} is not shown after ${seconds} s, but:\n${shown}`);
    await sleep(250);
  }
}

/** A terminal of this person at the list of what there is, signed in where need be. */
export async function terminalOf(context: BrowserContext, name: string, password: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(SHELL_URL);
  if (page.url().startsWith("https://id.localhost")) await signIn(page, name, password);
  await shows(page, "Which?");
  return page;
}

/** The reader's terminal of this person, opened. */
export async function readerOf(context: BrowserContext, name: string, password: string): Promise<Page> {
  const page = await terminalOf(context, name, password);
  await page.keyboard.type("report\n");
  await shows(page, "odoo=>");
  return page;
}

/** The newest session of somebody that is on record. */
export async function sessionOf(who: string): Promise<{ kind: string; ended: boolean; recording: string }> {
  const found = await sql(
    `SELECT json_build_object('kind', kind, 'ended', ended_at IS NOT NULL, 'recording', recording)
     FROM monitoring.sessions WHERE who = '${who}' ORDER BY started_at DESC LIMIT 1`,
  );
  return JSON.parse(found) as { kind: string; ended: boolean; recording: string };
}
