import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { RestoreReport } from "../../engine/restore/report.ts";
import { docker, inService, reset, sql } from "./harness/docker.ts";
import { platform, type Ran, ROOT, succeed } from "./harness/platform.ts";
import { removeStack, siteOf, writeStack } from "./harness/stack.ts";
import { call } from "./harness/odoo.ts";

/** A stack of its own, with three regions beside it: what is destroyed here is nobody's. */
const STACK = "restored";
const at = siteOf(STACK);
const ESCROW = join(ROOT, ".platform", STACK, "escrow.json");

beforeAll(async () => {
  await reset(STACK);
  writeStack(STACK, {
    odoo: { modules: ["base", "web"] },
    backup: { enabled: true },
  });
  await succeed(["up", "--stack", STACK, "--engine", "compose", "--no-verify"]);
  await backUp();
  mkdirSync(join(ROOT, ".platform", STACK), { recursive: true });
  const escrow = await inService("backup", ["platform-backup", "export-escrow"], { stack: STACK });
  writeFileSync(ESCROW, escrow, { mode: 0o600 });
});

afterAll(async () => {
  await removeStack(STACK);
});

/** A drill, and its report. */
async function drill(region: string): Promise<Ran & { report: RestoreReport }> {
  const ran = await platform(["drill", "--stack", STACK, "--region", region, "--escrow", ESCROW, "--json"]);
  const [report] = JSON.parse(ran.stdout || "[]") as RestoreReport[];
  if (report === undefined) throw new Error(`no report: ${ran.stderr}`);
  return { ...ran, report };
}

/** A full backup, once the one that the service takes by itself at first is done. */
async function backUp(): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await inService("backup", ["platform-backup", "full"], { stack: STACK, timeoutSeconds: 300 });
      return;
    } catch (error) {
      if (tries === 30 || !String(error).includes("another backup is at work")) throw error;
      await sleep(2000);
    }
  }
}

/** Puts a comment on every partner, in the log of every region, with a snapshot of the files after it. */
async function write(comment: string): Promise<void> {
  await ask(`UPDATE res_partner SET comment = '${comment}'`);
  await ask("SELECT pg_switch_wal()");
  await inService("backup", ["platform-backup", "files"], { stack: STACK, timeoutSeconds: 120 });
  await sleep(10_000);
}

const partnersWith = (comment: string) => ask(`SELECT count(*) > 0 FROM res_partner WHERE comment LIKE '%${comment}%'`);

const ask = (statement: string) => sql(statement, { stack: STACK });

async function scratch(): Promise<number> {
  const filters = { label: [`odoo-platform.restore=odoo-platform-${STACK}-restore`] };
  const { Volumes } = await docker.listVolumes({ filters });
  return (await docker.listContainers({ all: true, filters })).length + (Volumes ?? []).length;
}

describe("a drill", () => {
  // From each of them: the runbook of the worst day does it with dev (1-story.test.ts).
  it("brings everything back from one region alone, and leaves nothing of its own", async () => {
    const { exitCode, report, stderr } = await drill("region-c");
    expect(exitCode, stderr).toBe(0);
    expect(report.findings.filter(({ holds }) => !holds)).toEqual([]);
    expect(report.rpo_seconds).toBeLessThanOrEqual(300);
    expect(report.rto_seconds).toBeGreaterThan(0);
    expect(await scratch()).toBe(0);
  });

  it("is evidence, and on record in the database", async () => {
    for (const task of ["1.5", "5.4"]) expect(existsSync(join(ROOT, "evidence", STACK, `${task}.json`))).toBe(true);
    expect(await ask("SELECT string_agg(region, ' ') FROM monitoring.drills WHERE holds")).toBe("region-c");
  });

  it("says which regions there are, where it is asked for another", async () => {
    const refused = await platform(["drill", "--stack", STACK, "--region", "nowhere", "--escrow", ESCROW]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("has no region nowhere; it has region-a, region-b, region-c");
  });
});

const RESTORE = ["restore", "--stack", STACK, "--region", "region-b", "--escrow", ESCROW];

describe("a restore in place of what is served", () => {
  let moment = "";

  it("brings back the moment before the loss, and can be undone", async () => {
    await ask("UPDATE res_partner SET comment = 'kept'");
    await sleep(2000);
    moment = new Date().toISOString();
    await sleep(2000);
    await write("wrong");
    await succeed([...RESTORE, "--at", moment, "--yes"]);
    expect([await partnersWith("kept"), await partnersWith("wrong")]).toEqual(["t", "f"]);
    const reply = await call("/web/login", at);
    expect(reply.status).toBe(200);
    await succeed(["restore", "--stack", STACK, "--undo", "--yes"]);
    expect([await partnersWith("kept"), await partnersWith("wrong")]).toEqual(["f", "t"]);
    expect(await scratch()).toBe(0);
  });

  it("that is killed while Odoo stands still is repeated, and what was served at first is what --undo puts back", async () => {
    for (const killWhen of [/Odoo and PostgreSQL stop/, /the restored data is in place/]) {
      const killed = await platform([...RESTORE, "--at", moment, "--yes"], { killWhen });
      expect(killed.signal, killed.stdout + killed.stderr).toBe("SIGKILL");
    }
    await succeed([...RESTORE, "--at", moment, "--yes"]);
    expect(await partnersWith("kept")).toBe("t");
    await succeed(["restore", "--stack", STACK, "--undo", "--yes"]);
    expect(await partnersWith("wrong")).toBe("t");
  });

  it("changes nothing where nobody says yes, or what was asked for can't be had", async () => {
    expect((await platform(RESTORE)).stderr).toContain("say --yes where nobody can be asked");
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const refused = await platform([...RESTORE, "--at", later, "--yes"]);
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
    await write("first");
    // After the newest backup, whose own segments pgBackRest asks for; before the end; of the line that is served.
    const segment = await ask("SELECT pg_walfile_name(pg_current_wal_lsn())");
    for (const comment of ["second", "third"]) await write(comment);
    before = new Date(Date.now() - 1000).toISOString();
    await sleep(1000);
    await withWriter(
      `[key] = [key for key in client.keys('pgbackrest/archive/main/') if '${segment}-' in key]\nclient.delete(key)\n`,
    );
    const { exitCode, report } = await drill("region-a");
    expect(exitCode).toBe(1);
    expect(report.findings.find(({ check }) => check === "wal-continuity")?.holds).toBe(false);
  });

  // That the region is restored from as it was before, the runbook of the worst day shows with dev.
  it("with everything hidden by the writer's key take no snapshot over what is hidden", async () => {
    await withWriter("for key in client.keys(''):\n    client.delete(key)\n");
    await withWriter(
      "from platform_backup.files import snapshot\nmade, faults = snapshot(s)\nassert 'hides restic/config' in faults.get(s.regions[0].name, ''), (made, faults)\n",
    );
  });

  it("the administrator's key takes the hiding away, and a full backup follows", async () => {
    const keys = ["vault-admin-id", "vault-admin-secret"].map((name) =>
      readFileSync(join(ROOT, ".platform", STACK, "secrets", name), "utf8"),
    );
    await inService("backup", ["platform-backup", "reveal", "region-a", "--since", before], {
      ...{ stack: STACK, timeoutSeconds: 120, stdin: keys.join("\n") },
    });
    await backUp();
    const { exitCode, report } = await drill("region-a");
    expect(exitCode, report.detail).toBe(0);
  });
});

describe("a host that is lost", () => {
  const secrets = join(ROOT, ".platform", STACK, "secrets");
  const volumes = ["backup-state", "odoo-filestore", "postgres-ca", "postgres-data", "postgres-run"];

  it("comes back on a new one from a region and the escrow file, and no snapshot of the empty system passes for its own", async () => {
    await write("survives");
    await succeed(["down", "--stack", STACK]);
    for (const volume of volumes) await docker.getVolume(`odoo-platform-${STACK}-${volume}`).remove();
    rmSync(secrets, { recursive: true });
    await succeed(["backup", "--stack", STACK, "--import-escrow", ESCROW]);
    await succeed(["up", "--stack", STACK, "--engine", "compose", "--no-verify"]);
    await sleep(10_000);
    await succeed([...RESTORE, "--yes"]);
    expect(await partnersWith("survives")).toBe("t");
    await backUp();
  });

  it("takes no keys over into a stack that has others", async () => {
    const escrow = JSON.parse(readFileSync(ESCROW, "utf8")) as { secrets: Record<string, string> };
    escrow.secrets["backup-files-passphrase"] = "another-passphrase";
    const other = `${ESCROW}.other`;
    writeFileSync(other, JSON.stringify(escrow));
    const refused = await platform(["backup", "--stack", STACK, "--import-escrow", other]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("it has others already: backup-files-passphrase.");
    expect(refused.stderr).not.toContain("another-passphrase");
  });
});
