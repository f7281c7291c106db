import { copyFileSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { CutoverReport } from "../../engine/cutover/cutover.ts";
import { containerOf, inService, sql } from "./harness/docker.ts";
import { call } from "./harness/odoo.ts";
import { platform, run, succeed } from "./harness/platform.ts";
import { removeStack, siteOf, writeStack } from "./harness/stack.ts";
import { statusOf } from "./harness/verdicts.ts";

/** A stack that takes the place of another Odoo, which is played by what it served before. */
const STACK = "moved";
const at = siteOf(STACK);
const folder = mkdtempSync(join(tmpdir(), "cutover-"));
const inFolder = (name: string) => join(folder, name);
const [CUSTOM, PLAIN, ZIP, FILES] = [
  inFolder("old.dump"),
  inFolder("dump.sql"),
  inFolder("old.zip"),
  inFolder("filestore"),
];

const ask = (statement: string) => sql(statement, { stack: STACK });
const names = () => ask("SELECT string_agg(name, ', ' ORDER BY name) FROM res_partner WHERE name LIKE 'Of the %'");
const databases = () =>
  ask("SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE datname ~ '^odoo'");
const cutover = (...args: readonly string[]) => platform(["cutover", "--stack", STACK, "--yes", "--json", ...args]);

async function shell(command: string): Promise<void> {
  const { exitCode, stderr } = await run("sh", ["-euc", command]);
  expect(exitCode, stderr).toBe(0);
}

const inOdoo = (script: string) =>
  inService("odoo", ["platform-odoo", "shell"], { stack: STACK, stdin: `${script}\nenv.cr.commit()\n` });

beforeAll(async () => {
  await removeStack(STACK);
  writeStack(STACK, { odoo: { modules: ["base", "web"] } });
  await succeed(["up", "--stack", STACK, "--engine", "compose", "--no-verify"]);
  await inOdoo(
    "env['res.partner'].create({'name': 'Of the old system'})\nenv['ir.attachment'].create({'name': 'contract', 'raw': b'signed'})",
  );
  // As another Odoo has it: without what is the platform's own.
  const dump = `docker exec ${containerOf("postgres", STACK)} pg_dump -h /run/postgresql -U postgres -N monitoring -N bi -N platform`;
  await shell(`${dump} -Fc odoo >${CUSTOM}; ${dump} --no-owner odoo >${PLAIN}`);
  await shell(`docker cp ${containerOf("odoo", STACK)}:/var/lib/odoo/filestore/odoo ${FILES}`);
  await shell(`cd ${folder} && python3 -m zipfile -c ${ZIP} dump.sql filestore`);
  await inOdoo(
    "env['res.partner'].search([('name', '=', 'Of the old system')]).write({'name': 'Of the new system'})\nenv['ir.attachment'].search([('name', '=', 'contract')]).unlink()",
  );
});

afterAll(async () => {
  await removeStack(STACK);
  rmSync(folder, { recursive: true });
});

describe("what was given", () => {
  it("is refused where files of attachments are missing, and nothing is changed", async () => {
    const copy = inFolder("incomplete");
    await shell(`cp -r ${FILES} ${copy}`);
    const [first = ""] = readdirSync(copy).filter((name) => /^[0-9a-f]{2}$/.test(name));
    rmSync(join(copy, first), { recursive: true });
    const { exitCode, stderr } = await cutover("--dump", CUSTOM, "--filestore", copy);
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringMatching(/Nothing was changed in stack moved: \d+ of \d+ files/),
    ]);
    expect(stderr).toContain(`missing, such as ${first}/`);
    expect([await names(), await databases()]).toEqual(["Of the new system", "odoo"]);
  });

  it("is refused where it is damaged", async () => {
    const damaged = inFolder("damaged.zip");
    copyFileSync(ZIP, damaged);
    truncateSync(damaged, Math.floor(statSync(damaged).size / 2));
    const { exitCode, stderr } = await cutover("--dump", damaged);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("the archive is damaged")]);
  });
});

describe("a cutover", () => {
  it("serves what was given, all of it, after it went there and back", async () => {
    const { exitCode, stdout, stderr } = await cutover("--dump", ZIP);
    expect(exitCode, stderr).toBe(0);
    const report = JSON.parse(stdout) as CutoverReport;
    expect(report).toMatchObject({
      ...{ format: "zip", missing: [] },
      version: expect.stringMatching(/^19\.0\./) as string,
    });
    expect(report.rows).toBeGreaterThan(5000);
    const [closed, there, back] = [report.closed ?? 0, report.rehearsal.closed, report.rehearsal.back].map(Math.round);
    console.info(`nobody was let in for ${closed} s, and in the rehearsal for ${there} s and ${back} s back`);
    expect(await names()).toBe("Of the old system");
    expect(await inOdoo("print(env['ir.attachment'].search([('name', '=', 'contract')]).raw)")).toContain("signed");
    expect(await ask("SELECT value FROM ir_config_parameter WHERE key = 'web.base.url'")).toBe(
      `https://${at.host}:${at.port}`,
    );
    expect((await call("/web/login", at)).status).toBe(200);
    expect(await databases()).toBe("odoo odoo.previous");
    expect(await statusOf(["6.3"], STACK)).toEqual({ "6.3": "GO" });
  });

  it("is taken back by rollback", async () => {
    await succeed(["rollback", "--stack", STACK, "--yes"]);
    expect([await names(), await databases()]).toEqual(["Of the new system", "odoo"]);
    expect((await call("/web/login", at)).status).toBe(200);
    await platform(["verify", "--stack", STACK, "--task", "6.3"]);
    expect(await statusOf(["6.3"], STACK)).toEqual({ "6.3": "NO-GO" });
  });
});
