import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { BackupResult } from "../../engine/backup.ts";
import { inService, sql } from "./harness/docker.ts";
import { platform, ROOT, run, succeed } from "./harness/platform.ts";
import { restoreTest } from "./harness/restore-test.ts";
import { secretValues } from "./harness/secrets.ts";
import { removeStack, writeStack } from "./harness/stack.ts";
import { until } from "./harness/until.ts";

const STACK = "vaulted";
const REGIONS = ["region-a", "region-b", "region-c"];
const folder = mkdtempSync(join(tmpdir(), "escrow-"));
const ESCROW = join(folder, "vaulted.json");

interface Status {
  readonly [region: string]: {
    readonly fault?: string;
    readonly manifests?: readonly string[];
    readonly newest_segment?: string;
  };
}

const script = (...args: readonly string[]) =>
  run("bash", [join(ROOT, "scripts/backup/full_backup.sh"), "--stack", STACK, ...args]);
const status = async (): Promise<Status> => JSON.parse((await script("--status")).stdout) as Status;
const backup = async (...args: readonly string[]) => {
  const ran = await platform(["backup", "--stack", STACK, "--json", ...args]);
  return { ...ran, result: JSON.parse(ran.stdout || "{}") as BackupResult };
};
const verify = (...tasks: readonly string[]) => platform(["verify", "--stack", STACK, "--task", ...tasks]);

/** Asks S3 of a region with the writer's key; gives `done`, or the status and code of the refusal. */
async function asWriter(region: string, expression: string): Promise<string> {
  const program = [
    "import json",
    "from platform_backup.settings import read_settings",
    "from platform_backup.regions import Keys",
    "from platform_backup.s3 import Client, Refused, _md5",
    "settings = read_settings()",
    `region = next(one for one in settings.regions if one.name == ${JSON.stringify(region)})`,
    "writer, reader = Client(region, settings.writer), Client(region, settings.reader)",
    "newest = [key for key in reader.keys('manifests/') if key.endswith('.json')][-1]",
    "version = [one.id for one in reader.versions(newest) if not one.deleted][-1]",
    "def put(key, query, body):",
    "    writer._ask('PUT', key, {query: ''}, body, {'content-md5': _md5(body)})",
    "try:",
    `    print(${expression} or 'done')`,
    "except Refused as refused:",
    "    print(refused.status, refused.code)",
  ].join("\n");
  return (await inService("backup", ["python3", "-c", program], { stack: STACK })).trim();
}

beforeAll(async () => {
  await removeStack(STACK);
  writeStack(STACK, {
    odoo: { modules: ["base", "web"] },
    backup: { enabled: true },
  });
  await succeed(["up", "--stack", STACK, "--engine", "compose", "--no-verify"]);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await removeStack(STACK);
});

describe("a new stack", () => {
  it("has a first backup in every region, without anybody asking for it", async () => {
    await until("a first backup in every region", async () =>
      Object.values(await status()).every(({ manifests = [] }) => manifests.length > 0),
    );
    expect(Object.keys(await status())).toEqual(REGIONS);
    const verified = await verify("1.4");
    expect(verified.exitCode, verified.stdout).toBe(0);
  });

  it("is backed up again on demand, by what changed", async () => {
    const { exitCode, result, stderr } = await backup("--kind", "incr");
    expect(exitCode, stderr).toBe(0);
    expect(result).toMatchObject({ kind: "incr", status: "ok", regions: REGIONS, faults: {} });
    expect(await sql("SELECT status FROM monitoring.backups ORDER BY id DESC LIMIT 1", { stack: STACK })).toBe("ok");
  });

  it("takes one backup at a time", async () => {
    const both = await Promise.all([backup("--kind", "incr"), backup("--kind", "incr")]);
    const refused = both.filter(({ exitCode }) => exitCode === 1);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.stderr).toMatch(/^No backup was taken of stack vaulted/);
  });
});

describe("a bucket", () => {
  it("that locks for who may undo it is NO-GO for 1.4, until it is as planned again", async () => {
    const { "vault-admin-id": id = "", "vault-admin-secret": secret = "" } = secretValues(STACK);
    const lock = (mode: string) => {
      const rule = `<Rule><DefaultRetention><Mode>${mode}</Mode><Days>1</Days></DefaultRetention></Rule>`;
      const body = `b'<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>${rule}</ObjectLockConfiguration>'`;
      const admin = `Client(region, Keys(${JSON.stringify(id)}, ${JSON.stringify(secret)}))`;
      return asWriter(
        "region-b",
        `${admin}._ask('PUT', '', {'object-lock': ''}, ${body}, {'content-md5': _md5(${body})})[1].decode()`,
      );
    };
    expect(await lock("GOVERNANCE")).toBe("done");
    const loosened = await verify("1.4");
    expect(loosened.exitCode).toBe(1);
    expect(loosened.stdout).toContain("region-b: it locks in mode GOVERNANCE for 1 days, not COMPLIANCE for 1");
    expect(await lock("COMPLIANCE")).toBe("done");
    const again = await verify("1.4");
    expect(again.exitCode, again.stdout).toBe(0);
  });
});

describe("the writer's key", () => {
  it.each([
    ["delete a version", "writer.delete(newest, version)"],
    ["delete it around the lock", "writer.delete(newest, version, {'x-amz-bypass-governance-retention': 'true'})"],
    ["list versions", "writer.versions('manifests/')"],
    [
      "shorten a lock",
      "put(newest, 'retention', b'<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>2020-01-01T00:00:00Z</RetainUntilDate></Retention>')",
    ],
    [
      "suspend versioning",
      "put('', 'versioning', b'<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>')",
    ],
    [
      "take the bucket's lock away",
      "put('', 'object-lock', b'<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>')",
    ],
    ["give itself rights", "put('', 'policy', b'{}')"],
    ["read the rights", "writer._ask('GET', '', {'policy': ''})"],
    ["delete the bucket", "writer._ask('DELETE', '')"],
  ])("can't %s", async (_what, expression) => {
    expect(await asWriter("region-a", expression)).toMatch(/^403 \w+$/);
  });

  it("can overwrite and hide what it wrote, and the reader still reads what it was", async () => {
    expect(await asWriter("region-a", "writer.put(newest, b'{}')")).toBe("done");
    expect(await asWriter("region-a", "writer.delete(newest)")).toBe("done");
    const text = await asWriter(
      "region-a",
      "[one for one in [reader.get(v.key, v.id) for v in reader.versions('manifests/') if not v.deleted and v.key.endswith('.json')] if b'\"restic\"' in one][-1].decode()",
    );
    expect(JSON.parse(text)).toMatchObject({ stack: "odoo-platform-vaulted", database: "odoo" });
  });
});

describe("the escrow", () => {
  it("is written once, for its owner alone, and holds the reader's key and not the writer's", async () => {
    await succeed(["backup", "--stack", STACK, "--export-escrow", ESCROW]);
    expect(statSync(ESCROW).mode & 0o777).toBe(0o600);
    const text = readFileSync(ESCROW, "utf8");
    const secret = (name: string) => readFileSync(join(ROOT, ".platform", STACK, "secrets", name), "utf8").trim();
    expect(text).toContain(secret("vault-reader-secret"));
    for (const name of ["vault-writer-secret", "vault-admin-secret"]) expect(text).not.toContain(secret(name));
    const again = await platform(["backup", "--stack", STACK, "--export-escrow", ESCROW]);
    expect(again.exitCode).toBe(1);
    expect(again.stderr).toContain("is there already, and is not overwritten");
    expect(readFileSync(ESCROW, "utf8")).toBe(text);
  });

  it("and one region are enough to bring everything back", async () => {
    const { exitCode, text, report } = await restoreTest(STACK, "region-c", ESCROW);
    expect(exitCode, text).toBe(0);
    expect(report).toMatchObject({ region: "region-c", holds: true });
  });
});

describe("rotated keys", () => {
  const NEW_ESCROW = join(folder, "vaulted.2.json");
  const readerOf = (file: string) => (JSON.parse(readFileSync(file, "utf8")) as { reader: object }).reader;

  it("need a place for the new escrow file, before anything changes", async () => {
    const before = readFileSync(join(ROOT, `Pulumi.${STACK}.yaml`), "utf8");
    const nowhere = await platform(["backup", "--stack", STACK, "--rotate-keys"]);
    expect([nowhere.exitCode, nowhere.stderr]).toEqual([2, expect.stringContaining("--export-escrow")]);
    const taken = await platform(["backup", "--stack", STACK, "--rotate-keys", "--export-escrow", ESCROW]);
    expect([taken.exitCode, taken.stderr]).toEqual([1, expect.stringContaining("is not overwritten")]);
    expect(readFileSync(join(ROOT, `Pulumi.${STACK}.yaml`), "utf8")).toBe(before);
  });

  it("are the only ones that count, and read what was written with those of before", async () => {
    const old = secretValues(STACK);
    const ids = JSON.parse(
      await asWriter("region-a", "json.dumps([one for one in reader.keys('manifests/')])"),
    ) as string[];
    await succeed(["backup", "--stack", STACK, "--rotate-keys", "--export-escrow", NEW_ESCROW]);
    const rotated = ["admin", "reader", "writer"].flatMap((role) => [`vault-${role}-id`, `vault-${role}-secret`]);
    const now = secretValues(STACK);
    expect(
      Object.keys(now)
        .filter((name) => now[name] !== old[name])
        .sort(),
    ).toEqual(rotated);
    expect(readerOf(NEW_ESCROW)).not.toEqual(readerOf(ESCROW));
    for (const region of REGIONS) {
      for (const role of ["writer", "reader", "admin"]) {
        const key = `Keys(${JSON.stringify(old[`vault-${role}-id`])}, ${JSON.stringify(old[`vault-${role}-secret`])})`;
        expect(await asWriter(region, `list(Client(region, ${key}).keys('manifests/'))`), role).toMatch(/^403 \w+$/);
      }
      const kept = await asWriter(region, "json.dumps([one for one in reader.keys('manifests/')])");
      expect(JSON.parse(kept)).toEqual(expect.arrayContaining(ids));
    }
  });

  it("leave the escrow file of before without a use, which says so, and the new one opens all", async () => {
    const before = await restoreTest(STACK, "region-b", ESCROW);
    expect(before.exitCode).toBe(1);
    expect(before.text).toContain("this key counts no more; after a rotation of keys there is a new escrow file");
    const { exitCode, text, report } = await restoreTest(STACK, "region-b", NEW_ESCROW);
    expect(exitCode, text).toBe(0);
    expect(report).toMatchObject({ region: "region-b", holds: true });
  });
});
