import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { containerOf, docker, inService } from "../e2e/harness/docker.ts";
import { platform, ROOT, run, succeed } from "../e2e/harness/platform.ts";
import { restoreTest } from "../e2e/harness/restore-test.ts";
import { removeStack } from "../e2e/harness/stack.ts";
import { until } from "../e2e/harness/until.ts";
import {
  archived,
  ask,
  backUp,
  bringUp,
  closeSegment,
  configure,
  firing,
  inBackup,
  REGIONS,
  regions,
  service,
  STACK,
} from "./stack.ts";

const folder = mkdtempSync(join(tmpdir(), "faults-"));
const ESCROW = join(folder, "escrow.json");
const NEW_ESCROW = join(folder, "escrow.2.json");
const vault = (region: string) => service(`vault-${region}`);
type Turn = "stop" | "start" | "pause" | "unpause";
const turn = async (what: Turn, region: string) =>
  expect((await run("docker", [what, containerOf(`vault-${region}`, STACK)])).exitCode).toBe(0);
const write = (name: string) => ask(`INSERT INTO res_partner (name, active, type) VALUES ('${name}', true, 'contact')`);

beforeAll(async () => {
  await bringUp();
  await succeed(["backup", "--stack", STACK, "--export-escrow", ESCROW]);
});
afterAll(async () => {
  await removeStack(STACK);
  rmSync(folder, { recursive: true });
});

describe("a region that is away", () => {
  it.each<[string, Turn, Turn]>([
    ["refuses", "stop", "start"],
    // It takes connections and never answers: what a partition looks like.
    ["does not answer", "pause", "unpause"],
  ])(
    "and %s makes backups DEGRADED, holds up neither the others' backups nor their log, and catches up",
    async (how, take, giveBack) => {
      await turn(take, "region-a");
      await write(`while region-a ${how}`);
      const segment = await closeSegment();
      const log = await archived(segment, ["region-b", "region-c"]);
      const { exitCode, result, stderr } = await backUp("incr");
      expect([exitCode, result.status, result.regions], stderr).toEqual([1, "degraded", ["region-b", "region-c"]]);
      expect(result.faults?.["region-a"]).toMatch(/\S/);
      const alert = await until("the alert", async () => (await firing()).includes("BackupNotWhole"), 240);
      await turn(giveBack, "region-a");
      const caughtUp = await archived(segment, ["region-a"], 600);
      console.info(
        `${how}: the others' log ${log.toFixed(0)} s, alert ${alert.toFixed(0)} s, caught up ${caughtUp.toFixed(0)} s`,
      );
      expect(log).toBeLessThan(300);
      const whole = await backUp("incr");
      expect([whole.exitCode, whole.result.regions], whole.stderr).toEqual([0, [...REGIONS]]);
    },
  );
});

describe("the way to all regions", () => {
  it("blocked is told within two minutes, loses nothing, and catches up", async () => {
    await until("no alert", async () => !(await firing()).includes("WalArchiveFailing"), 600);
    for (const region of REGIONS) await vault(region).stop();
    await write("while all are away");
    const segment = await closeSegment();
    const alert = await until("the alert", async () => (await firing()).includes("WalArchiveFailing"), 240);
    console.info(`archive blocked: told after ${alert.toFixed(0)} s`);
    expect(alert).toBeLessThanOrEqual(120);
    for (const region of REGIONS) await vault(region).start();
    await archived(segment, REGIONS, 600);
  });
});

describe("two regions of three, gone for good,", () => {
  it("leave a third that brings everything back; one is made anew, another named in the other's place", async () => {
    expect((await backUp("full")).exitCode).toBe(0);
    for (const region of ["region-a", "region-b"]) {
      await vault(region).remove({ force: true });
      await docker.getVolume(`odoo-platform-${STACK}-vault-${region}`).remove();
    }
    const { exitCode, text, report } = await restoreTest(STACK, "region-c", ESCROW);
    expect([exitCode, report.holds], text).toEqual([0, true]);
    configure(["region-a", "region-c", "region-d"]);
    await succeed(["up", "--stack", STACK, "--engine", "compose", "--no-verify"]);
    await until("a full backup in every region", async () => (await backUp("full")).exitCode === 0, 600);
    const held = Object.entries(await regions()).map(([region, { manifests = [] }]) => [region, manifests.length > 0]);
    expect(held).toEqual([
      ["region-a", true],
      ["region-c", true],
      ["region-d", true],
    ]);
    await succeed(["backup", "--stack", STACK, "--export-escrow", NEW_ESCROW]);
    for (const region of ["region-a", "region-d"]) {
      const again = await restoreTest(STACK, region, NEW_ESCROW);
      expect([region, again.exitCode, again.report.holds], again.text).toEqual([region, 0, true]);
    }
  });
});

describe("a key or a clock that is wrong", () => {
  it("is named, and the backup is nowhere taken for one", async () => {
    const file = join(ROOT, ".platform", STACK, "secrets", "vault-writer-secret");
    const right = readFileSync(file, "utf8");
    rmSync(file);
    writeFileSync(file, "W".repeat(32), { mode: 0o444 });
    await service("backup").restart();
    const refused = await platform(["backup", "--stack", STACK, "--kind", "incr"]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/SignatureDoesNotMatch|403/);
    expect(refused.stderr).not.toContain("W".repeat(32));
    rmSync(file);
    writeFileSync(file, right, { mode: 0o444 });
    await service("backup").restart();
    await until("a backup", async () => (await backUp("incr")).exitCode === 0);
  });

  it("an hour off: the refusal says that it is the clock", async () => {
    const program = [
      "import datetime, platform_backup.s3 as s3",
      "from platform_backup.settings import read_settings",
      "class Late(datetime.datetime):",
      "    @classmethod",
      "    def now(cls, tz=None): return super().now(tz) - datetime.timedelta(hours=1)",
      "s3.datetime = Late",
      "settings = read_settings()",
      "try: s3.Client(settings.regions[0], settings.writer).check(); print('let in')",
      "except s3.Refused as refused: print(refused)",
    ].join("\n");
    const said = await inService("backup", ["python3", "-c", program], { stack: STACK });
    expect(said).toMatch(/clock/);
  });
});

describe("a backup", () => {
  it("that is killed half-way is nobody's backup, and the next one is whole", async () => {
    const ids = async () => (await regions())["region-c"]?.manifests ?? [];
    const before = await ids();
    const running = inBackup("platform-backup", "full").catch((error: unknown) => String(error));
    await until(
      "a backup at work",
      async () => (await ask("SELECT count(*) FROM monitoring.backups WHERE ended_at IS NULL")) !== "0",
    );
    await service("backup").kill();
    await running;
    await service("backup").start();
    expect(await ids()).toEqual(before);
    const next = await backUp("full");
    expect([next.exitCode, next.result.status], next.stderr).toEqual([0, "ok"]);
    expect((await ids()).length).toBe(before.length + 1);
  });
});
