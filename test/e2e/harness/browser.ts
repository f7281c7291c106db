import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Browser, chromium } from "playwright-core";

import { inService } from "./docker.ts";
import { ROOT, run } from "./platform.ts";

/** Debian's Chromium. */
const CHROMIUM = "/usr/bin/chromium";

/** A browser that trusts what a user would have imported: the CA of the stack's edge, and nothing is ignored. */
export async function openBrowser(stack = "dev"): Promise<Browser> {
  const home = mkdtempSync(join(tmpdir(), "odoo-platform-browser-"));
  const store = join(home, ".pki/nssdb");
  mkdirSync(store, { recursive: true });
  const certificate = join(home, "root.crt");
  writeFileSync(certificate, await inService("edge", ["cat", "/data/caddy/pki/authorities/local/root.crt"], { stack }));
  await run("certutil", ["-d", `sql:${store}`, "-N", "--empty-password"]);
  const added = await run("certutil", ["-d", `sql:${store}`, "-A", "-t", "C,,", "-n", "edge", "-i", certificate]);
  if (added.exitCode !== 0) throw new Error(`certutil could not trust the edge's CA: ${added.stderr}`);
  return chromium.launch({
    executablePath: CHROMIUM,
    env: { ...(process.env as Record<string, string>), HOME: home },
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Where pictures of what was seen are kept. */
export function screenshotPath(name: string): string {
  const folder = join(ROOT, "test-results");
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.png`);
}
