import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { x } from "tinyexec";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { lendMachine } from "../../engine/image-source.ts";
import { reset, sql } from "./harness/docker.ts";
import { call } from "./harness/odoo.ts";
import { platform, ROOT, type RunOptions, succeed } from "./harness/platform.ts";
import { siteOf, writeStack } from "./harness/stack.ts";
import { Writer } from "./harness/writer.ts";

/** A clone of the project, whose module changes here, with a stack of its own that is backed up into one region. */
let copy: string;
const STACK = "updated";
const at = siteOf(STACK);
const VIEWS = "docker/odoo/addons/ipai_platform/views/phase_views.xml";
const UP = ["up", "--stack", STACK, "--engine", "compose", "--no-verify"];

beforeAll(async () => {
  await reset(STACK);
  copy = mkdtempSync(join(tmpdir(), "updated-"));
  const { exitCode, stderr } = await x("git", ["clone", "--quiet", "--no-hardlinks", ROOT, copy]);
  expect(exitCode, stderr).toBe(0);
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  writeStack(
    STACK,
    {
      odoo: { modules: ["base", "web"] },
      backup: { enabled: true },
    },
    copy,
  );
  lendMachine(ROOT, copy, STACK);
  await succeed(UP, { cwd: copy });
});

afterAll(async () => {
  await reset(STACK);
  rmSync(copy, { recursive: true, force: true });
});

const inCopy = (args: readonly string[], options: RunOptions = {}) => platform(args, { ...options, cwd: copy });
const ask = (statement: string) => sql(statement, { stack: STACK });
/** What users see as the heading of the list of phases: text of a view, which lies in the database. */
const heading = () =>
  ask("SELECT substring(arch_db->>'en_US' FROM 'string=\"([^\"]*)\"') FROM ir_ui_view WHERE name = 'e2e.heading'");
const copies = () => ask("SELECT count(*) FROM pg_database WHERE datname = 'odoo.previous'");
const lastUpdate = () => ask("SELECT status FROM monitoring.updates ORDER BY started_at DESC LIMIT 1");
const verdict = async () => (await inCopy(["verify", "--stack", STACK, "--task", "2.7", "--json"])).stdout;

/** A view of the module, without another version of it. */
function release(text: string, field = "name"): void {
  const source = readFileSync(join(ROOT, VIEWS), "utf8");
  const view = `<record id="e2e_heading" model="ir.ui.view"><field name="name">e2e.heading</field><field name="model">res.partner</field><field name="priority">900</field><field name="arch" type="xml"><list string="${text}"><field name="${field}"/></list></field></record>`;
  writeFileSync(join(copy, VIEWS), source.replace("</odoo>", `${view}</odoo>`));
}

describe("an edited view, without another version of its module,", () => {
  it("is updated by the next `up`, after a backup; nothing acknowledged is lost, and users are told to wait", async () => {
    const writer = await Writer.start(at);
    await writer.more(5);
    release("First");
    const { stdout } = await succeed(UP, { cwd: copy });
    expect(stdout).toContain("Odoo is updated: ipai_platform");
    await writer.more(5);
    await writer.stop();
    expect(await heading()).toBe("First");
    expect(await writer.lost()).toBe(0);
    // Refused by the page that says so, and by nothing else.
    expect(writer.refusals.length).toBeGreaterThan(0);
    expect(writer.refusals.filter((refusal) => !refusal.includes("503"))).toEqual([]);
    expect(writer.refusals[0]).toContain("Back in a moment");
    expect(await lastUpdate()).toBe("ok");
    expect(await ask("SELECT status FROM monitoring.backups WHERE kind = 'incr'")).toBe("ok");
    expect(await copies()).toBe("0");
  });

  it("is updated once", async () => {
    expect((await succeed(UP, { cwd: copy })).stdout).toContain("nothing to change");
    expect(await ask("SELECT count(*) FROM monitoring.updates")).toBe("1");
  });
});

describe("a release that does not install", () => {
  it("is taken back by itself: database, files and code of before, and what users wrote", async () => {
    const writer = await Writer.start(at);
    await writer.more(5);
    release("Bad", "no_such_field");
    const { exitCode, stderr, stdout } = await inCopy(UP);
    expect(exitCode).toBe(1);
    expect(stderr + stdout).toContain("what was served before is served again");
    expect(stderr + stdout).toContain("no_such_field");
    await writer.more(5);
    await writer.stop();
    expect(await heading()).toBe("First");
    expect(await writer.lost()).toBe(0);
    expect(writer.refusals.filter((refusal) => !refusal.includes("503"))).toEqual([]);
    expect(await lastUpdate()).toBe("rolled back");
    const closed = await ask("SELECT closed_seconds FROM monitoring.updates WHERE status = 'rolled back'");
    console.info(`a failed update kept users out for ${closed} s`);
    expect(await copies()).toBe("0");
  });

  it("is not tried again until it changes, and 2.7 is NO-GO meanwhile", async () => {
    const { stdout } = await succeed(UP, { cwd: copy });
    expect(stdout).toContain("at older code of Odoo");
    expect(await heading()).toBe("First");
    expect(await verdict()).toContain("it is held at older code");
  });

  it("is tried again, and served, once it is mended", async () => {
    release("Mended");
    await succeed(UP, { cwd: copy });
    expect(await heading()).toBe("Mended");
    expect(await verdict()).not.toContain("it is held at older code");
    expect(existsSync(join(copy, ".platform", STACK, "held.json"))).toBe(false);
  });
});

describe("an update that is killed", () => {
  it.each([
    ["while the database is copied", /Odoo is updated/],
    ["while modules are updated", /odoo-init/],
  ])("%s is put right by the next `up`", async (_when, killWhen) => {
    release(`Killed ${String(killWhen)}`.replaceAll("/", ""));
    expect((await inCopy(UP, { killWhen })).signal).toBe("SIGKILL");
    await succeed(UP, { cwd: copy });
    expect(await heading()).toBe(`Killed ${String(killWhen)}`.replaceAll("/", ""));
    expect(await copies()).toBe("0");
    expect((await call("/web/login", at)).status).toBe(200);
  });
});

describe("a release that installs, and is bad all the same,", () => {
  it("is taken back by hand from the copy that was kept, and held there", async () => {
    const before = await heading();
    release("Regretted");
    await succeed(["update", "--keep", "--stack", STACK, "--no-verify"], { cwd: copy });
    expect(await heading()).toBe("Regretted");
    expect(await copies()).toBe("1");
    const refused = await inCopy(["rollback", "--stack", STACK]);
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining("say --yes")]);
    const { stderr, seconds } = await succeed(["rollback", "--stack", STACK, "--yes"], { cwd: copy });
    console.info(`a rollback by hand took ${seconds.toFixed(0)} s`);
    expect(stderr).toContain("is held there");
    expect(await heading()).toBe(before);
    expect((await call("/web/login", at)).status).toBe(200);
    const again = await inCopy(["rollback", "--stack", STACK, "--yes"]);
    expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining("keeps no copy")]);
  });
});

describe("a stack that was taken down", () => {
  it("starts as it was before it is updated", async () => {
    await succeed(["update", "--stack", STACK, "--no-verify"], { cwd: copy });
    await succeed(["down", "--stack", STACK], { cwd: copy });
    release("After the night");
    const { stdout } = await succeed(UP, { cwd: copy });
    expect(stdout).toContain("which served last, before it is updated");
    expect(await heading()).toBe("After the night");
  });
});
