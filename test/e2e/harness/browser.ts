import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Browser, chromium } from "playwright-core";

import { inService } from "./docker.ts";
import { ROOT, run } from "./platform.ts";

/** Debian's Chromium, in a network of its own. */
const CHROMIUM = join(ROOT, "test/e2e/harness/chromium-apart.sh");
/** Where the edge of dev answers. */
const PORT = 8443;

/**
 * A browser that trusts what a user would have imported: the CA of the stack's edge, and nothing is ignored. It reaches
 * the edge of dev, and nothing else: Chromium gives a page up when an interface of its network comes or goes, as those of
 * containers do all the time.
 */
export async function openBrowser(stack = "dev"): Promise<Browser> {
  const home = mkdtempSync(join(tmpdir(), "odoo-platform-browser-"));
  const store = join(home, ".pki/nssdb");
  mkdirSync(store, { recursive: true });
  const certificate = join(home, "root.crt");
  writeFileSync(certificate, await inService("edge", ["cat", "/data/caddy/pki/authorities/local/root.crt"], { stack }));
  await run("certutil", ["-d", `sql:${store}`, "-N", "--empty-password"]);
  const added = await run("certutil", ["-d", `sql:${store}`, "-A", "-t", "C,,", "-n", "edge", "-i", certificate]);
  if (added.exitCode !== 0) throw new Error(`certutil could not trust the edge's CA: ${added.stderr}`);
  const way = join(home, "edge.sock");
  const server = createServer((from) => {
    const to = connect(PORT, "127.0.0.1");
    from.pipe(to).pipe(from);
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const)
      one.on("error", () => other.destroy());
  });
  await new Promise<void>((resolve) => server.listen(way, resolve));
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    env: { ...(process.env as Record<string, string>), HOME: home, WAY: way, PORT: String(PORT) },
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
  browser.once("disconnected", () => server.close());
  return browser;
}

/** Where pictures of what was seen are kept. */
export function screenshotPath(name: string): string {
  const folder = join(ROOT, "test-results");
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.png`);
}
