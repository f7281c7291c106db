import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { RestoreReport } from "../../engine/restore/report.ts";
import { docker, inService, reset, sql } from "./harness/docker.ts";
import { platform, type Ran, ROOT, succeed } from "./harness/platform.ts";
import { removeStack, writeStack } from "./harness/stack.ts";
import { call } from "./harness/odoo.ts";

/** A stack of its own, with three regions beside it: what is destroyed here is nobody's. */
const STACK = "restored";
const PORT = 9843;
const REGIONS = ["region-a", "region-b", "region-c"];
const ESCROW = join(ROOT, ".platform", STACK, "escrow.json");

beforeAll(async () => {
  await reset(STACK);
  writeStack(STACK, {
    domain: "restored.localhost",
    edge: { httpsPort: PORT, httpPort: 9880 },
    odoo: { modules: ["base", "web"] },
  });
  await succeed(["up", "--stack", STACK, "--engine", "compose", "--no-verify"]);
  await inService("backup", ["platform-backup", "full"], { stack: STACK, timeoutSeconds: 300 });
  mkdirSync(join(ROOT, ".platform", STACK), { recursive: true });
  const escrow = await inService("backup", ["platform-backup", "export-escrow"], { stack: STACK });
  writeFileSync(ESCROW, escrow, { mode: 0o600 });
});

afterAll(async () => {
  await removeStack(STACK);
});

/** A drill from one region, and its report. */
async function drill(region: string, extra: readonly string[] = []): Promise<Ran & { report: RestoreReport }> {
  const ran = await platform(["drill", "--stack", STACK, "--region", region, "--escrow", ESCROW, "--json", ...extra]);
  const [report] = JSON.parse(ran.stdout || "[]") as RestoreReport[];
  if (report === undefined) throw new Error(`no report: ${ran.stderr}`);
  return { ...ran, report };
}

const ask = (statement: string) => sql(statement, { stack: STACK });

async function scratch(): Promise<number> {
  const filters = { label: [`odoo-platform.restore=odoo-platform-${STACK}-restore`] };
  const { Volumes } = await docker.listVolumes({ filters });
  return (await docker.listContainers({ all: true, filters })).length + (Volumes ?? []).length;
}

describe("a drill", () => {
  it.each(REGIONS)("brings everything back from %s alone, and leaves nothing of its own", async (region) => {
    const { exitCode, report, stderr } = await drill(region);
    expect(exitCode, `${report.detail}\n${stderr}`).toBe(0);
    expect(report.findings.filter(({ holds }) => !holds)).toEqual([]);
    expect(report.rpo_seconds).toBeLessThanOrEqual(300);
    expect(report.rto_seconds).toBeGreaterThan(0);
    expect(await scratch()).toBe(0);
  });

  it("is evidence, and on record in the database", async () => {
    for (const task of ["1.5", "5.4"]) expect(existsSync(join(ROOT, "evidence", STACK, `${task}.json`))).toBe(true);
    expect(Number(await ask("SELECT count(*) FROM monitoring.drills WHERE holds"))).toBe(REGIONS.length);
  });

  it("says which regions there are, where it is asked for another", async () => {
    const refused = await platform(["drill", "--stack", STACK, "--region", "nowhere", "--escrow", ESCROW]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("has no region nowhere; it has region-a, region-b, region-c");
  });
});

describe("a restore in place of what is served", () => {
  it("brings back the moment before the loss, and can be undone", async () => {
    await ask("UPDATE res_partner SET comment = 'kept' WHERE id = 1");
    await sleep(2000);
    const moment = new Date().toISOString();
    await sleep(2000);
    await ask("UPDATE res_partner SET comment = 'wrong'");
    await ask("SELECT pg_switch_wal()");
    // The moment must be in the archive, and a snapshot of the files after it.
    await inService("backup", ["platform-backup", "files"], { stack: STACK, timeoutSeconds: 120 });
    await sleep(20_000);
    const args = ["--stack", STACK, "--region", "region-b", "--escrow", ESCROW];
    await succeed(["restore", ...args, "--at", moment, "--yes"]);
    expect(await ask("SELECT comment LIKE '%kept%' FROM res_partner WHERE id = 1")).toBe("t");
    const reply = await call("/web/login", { stack: STACK, port: PORT, host: "odoo.restored.localhost" });
    expect(reply.status).toBe(200);
    await succeed(["restore", "--stack", STACK, "--undo", "--yes"]);
    expect(await ask("SELECT count(*) FROM res_partner WHERE comment LIKE '%kept%'")).toBe("0");
    expect(await scratch()).toBe(0);
  });

  it("changes nothing where nobody says yes, or what was asked for can't be had", async () => {
    const args = ["restore", "--stack", STACK, "--region", "region-b", "--escrow", ESCROW];
    expect((await platform(args)).stderr).toContain("say --yes where nobody can be asked");
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const refused = await platform([...args, "--at", later, "--yes"]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("Nothing was changed");
    expect(await scratch()).toBe(0);
  });
});

describe("regions that were tampered with", () => {
  /** Runs Python in the backup service, with the writer's key. */
  const withWriter = (script: string) =>
    inService("backup", ["python3", "-"], {
      stack: STACK,
      timeoutSeconds: 120,
      stdin: `from platform_backup.s3 import Client\nfrom platform_backup.settings import read_settings\ns = read_settings()\nclient = Client(s.regions[0], s.writer)\n${script}`,
    });

  let before = "";

  it("a hole in the log is found, which every stock check takes for whole", async () => {
    before = new Date(Date.now() - 1000).toISOString();
    await sleep(1000);
    await withWriter(
      "keys = [key for key in client.keys('pgbackrest/archive/main/') if key.endswith('.zst')]\nclient.delete(sorted(keys)[-3])\n",
    );
    const { exitCode, report } = await drill("region-a");
    expect(exitCode).toBe(1);
    expect(report.findings.find(({ check }) => check === "wal-continuity")?.holds).toBe(false);
  });

  it("with everything hidden by the writer's key, the region is restored from as it was before", async () => {
    await withWriter("for key in client.keys(''):\n    client.delete(key)\n");
    expect((await drill("region-a")).exitCode).toBe(1);
    const { exitCode, report } = await drill("region-a", ["--as-of", before]);
    expect(exitCode, report.detail).toBe(0);
  });
});
