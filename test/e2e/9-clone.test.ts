import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inService, sql } from "./harness/docker.ts";
import { call, mintKey } from "./harness/odoo.ts";
import { platform, succeed } from "./harness/platform.ts";
import { removeStack, siteOf, writeStack } from "./harness/stack.ts";
import { until } from "./harness/until.ts";
import { statusOf } from "./harness/verdicts.ts";

/** Dev stands for production here: it is backed up, and has users, keys and mail servers. */
const COPY = "copied";
const at = siteOf(COPY);
const folder = mkdtempSync(join(tmpdir(), "clone-"));
const escrow = join(folder, "escrow.json");
const CLONE = ["clone", "--stack", COPY, "--from", "dev", "--escrow", escrow, "--yes", "--region"];

const inCopy = (statement: string) => sql(statement, { stack: COPY });
const backUp = () => until("a backup", async () => (await platform(["backup", "--kind", "incr"])).exitCode === 0, 300);

/** What production has that its copy must not. */
const SEED = `
  INSERT INTO res_partner (name, email, phone, active, type) VALUES ('Ann Secret', 'ann@customer.example', '+49 1', true, 'contact');
  INSERT INTO ir_mail_server (name, smtp_host, smtp_port, smtp_encryption, smtp_authentication, smtp_pass, active)
    VALUES ('e2e relay', 'smtp.customer.example', 25, 'none', 'login', 'hush', true);
  INSERT INTO ir_config_parameter (key, value) VALUES ('e2e.courier.api_key', 'hush');
  UPDATE ir_cron SET active = true WHERE id = (SELECT min(id) FROM ir_cron);`;
const UNSEED = `
  DELETE FROM res_partner WHERE name = 'Ann Secret';
  DELETE FROM ir_mail_server WHERE name = 'e2e relay';
  DELETE FROM ir_config_parameter WHERE key = 'e2e.courier.api_key';`;

beforeAll(async () => {
  await succeed(["up", "--engine", "compose", "--no-verify"]);
  await sql(SEED);
  await mintKey();
  await backUp();
  await succeed(["backup", "--export-escrow", escrow]);
  await removeStack(COPY);
  writeStack(COPY, {
    odoo: { modules: ["base", "web"] },
    mail: { enabled: true },
  });
  await succeed(["up", "--stack", COPY, "--engine", "compose", "--no-verify"]);
});

afterAll(async () => {
  await sql(UNSEED);
  await removeStack(COPY);
  rmSync(folder, { recursive: true });
});

describe("a copy of production", () => {
  it("has its records and files, and nothing by which it reaches anybody or is taken for the original", async () => {
    const { seconds } = await succeed([...CLONE, "region-b"]);
    console.info(`a copy took ${seconds.toFixed(0)} s`);
    expect(await inCopy("SELECT email FROM res_partner WHERE name = 'Ann Secret'")).toBe("ann@customer.example");
    expect(await inCopy("SELECT count(*) FROM ir_mail_server WHERE active OR smtp_pass IS NOT NULL")).toBe("0");
    expect(await inCopy("SELECT value FROM ir_config_parameter WHERE key = 'e2e.courier.api_key'")).toBe("");
    expect(await inCopy("SELECT count(*) FROM res_users_apikeys")).toBe("0");
    expect(await inCopy("SELECT count(*) FROM ir_cron WHERE active")).toBe("1");
    const secret = "SELECT value FROM ir_config_parameter WHERE key = 'database.secret'";
    expect(await inCopy(secret)).not.toBe(await sql(secret));
    const url = "SELECT value FROM ir_config_parameter WHERE key = 'web.base.url'";
    expect(await inCopy(url)).toBe(`https://${at.host}:${at.port}`);
    // A rotated secret is known to break the login form.
    const login = await call("/web/login", at);
    expect([login.status, login.text]).toEqual([200, expect.stringContaining('name="password"')]);
    const stored = Number(await inCopy("SELECT count(DISTINCT store_fname) FROM ir_attachment"));
    const count = ["sh", "-c", "find /var/lib/odoo/filestore/odoo -type f | wc -l"];
    expect(Number(await inService("odoo", count, { stack: COPY }))).toBeGreaterThanOrEqual(stored);
  });

  it("is evidence for what was copied, until something in it reaches somebody", async () => {
    expect(await statusOf(["4.6"])).toEqual({ "4.6": "GO" });
    await inCopy("UPDATE ir_mail_server SET active = true WHERE name = 'e2e relay'");
    expect((await platform(["verify", "--task", "4.6"])).exitCode).toBe(1);
    expect(await statusOf(["4.6"])).toEqual({ "4.6": "NO-GO" });
    await inCopy("UPDATE ir_mail_server SET active = false");
    await succeed(["verify", "--task", "4.6"]);
    expect(await statusOf(["4.6"])).toEqual({ "4.6": "GO" });
  });

  it("can't get out, whatever its records say", async () => {
    await succeed(["verify", "--stack", COPY, "--task", "1.12"]);
  });

  it("that can't be made harmless is not served: what was there before is", async () => {
    await inCopy("INSERT INTO res_partner (name, active, type) VALUES ('Only in the copy', true, 'contact')");
    await sql(`CREATE FUNCTION e2e_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
      CREATE TRIGGER e2e_keep BEFORE DELETE ON res_users_apikeys FOR EACH ROW EXECUTE FUNCTION e2e_keep();`);
    await backUp();
    const { exitCode, stderr } = await platform([...CLONE, "region-a"]);
    await sql("DROP TRIGGER e2e_keep ON res_users_apikeys; DROP FUNCTION e2e_keep();");
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("not harmless: API keys: ")]);
    expect(stderr).toContain("serves what it served before");
    expect(await inCopy("SELECT count(*) FROM res_partner WHERE name = 'Only in the copy'")).toBe("1");
    expect((await call("/web/login", at)).status).toBe(200);
    expect(
      await inCopy("SELECT string_agg(datname, ',' ORDER BY datname) FROM pg_database WHERE datname ~ 'odoo'"),
    ).toBe("odoo");
  });

  it("knows nobody, where that is asked for", async () => {
    // As `clone --anonymise` does before anybody is let in.
    await inService("odoo", ["platform-odoo", "neutralize", "--anonymise"], { stack: COPY });
    const known = "name = 'Ann Secret' OR email = 'ann@customer.example' OR phone = '+49 1'";
    expect(await inCopy(`SELECT count(*) FROM res_partner WHERE ${known}`)).toBe("0");
    expect(await inCopy("SELECT count(*) FROM res_partner WHERE name ~ '^Person [0-9]+$'")).not.toBe("0");
    expect((await call("/web/login", at)).status).toBe(200);
  });

  it.each([
    [["--stack", "dev"], "it would be a copy of itself"],
    [["--stack", "prod"], "its stage is production"],
  ])("is never made in the place of what must not be one: %s", async (given, why) => {
    const args = ["clone", "--from", "dev", "--region", "region-a", "--escrow", escrow, "--yes", ...given];
    const { exitCode, stderr } = await platform(args);
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(new RegExp(`${why}|is protected`))]);
  });
});
