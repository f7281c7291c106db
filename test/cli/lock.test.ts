import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { Command, CommanderError } from "commander";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { register } from "../../cli/lock.ts";
import { Fault } from "../../engine/fault.ts";
import { LOCK_FILE, LOCK_FILES } from "../../gates/addons/lock-files.ts";
import { ROOT } from "../harness/plans.ts";
import { addonFiles, type AddonArgs, type Index, makeIndex } from "../harness/wheels.ts";

// The verb with the real pip and the real Git, on an index and on repositories in folders: nothing else is asked.

let root: string;
let index: Index;
let said: string;
const here = process.cwd();
const env = { ...process.env };

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lock-"));
  index = makeIndex();
  process.chdir(root);
  Object.assign(process.env, index.env, {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "protocol.file.allow",
    GIT_CONFIG_VALUE_0: "always",
  });
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((text) => {
      if (stream === process.stdout) said += String(text);
      return true;
    });
  mkdirSync(join(root, "docker/odoo/addons"), { recursive: true });
  cpSync(join(ROOT, "docker/odoo/platform_addons.py"), join(root, "docker/odoo/platform_addons.py"));
  writeFileSync(
    join(root, "docker/odoo/provided.json"),
    JSON.stringify({ modules: ["base", "web"], python: ["requests"] }),
  );
});
afterEach(() => {
  vi.restoreAllMocks();
  process.env = { ...env };
  process.chdir(here);
  rmSync(root, { recursive: true });
  rmSync(index.folder, { recursive: true });
});

/** Runs the verb in this process; how it would end, and what it says. */
async function lock(...args: string[]): Promise<{ status: number; said: string }> {
  const command = new Command("lock").exitOverride().configureOutput({ writeErr: () => undefined });
  register(command);
  for (const verb of command.commands) verb.exitOverride().configureOutput({ writeErr: () => undefined });
  said = "";
  try {
    await command.parseAsync(args, { from: "user" });
    return { status: 0, said };
  } catch (error) {
    if (error instanceof Fault) return { status: error.exitCode, said: `${said}${error.message}\n` };
    if (error instanceof CommanderError) return { status: 2, said };
    throw error;
  }
}
const read = (path: string) => readFileSync(join(root, path), "utf8");
const locked = () =>
  JSON.parse(read(LOCK_FILE)) as { addons: Record<string, Record<string, unknown>>; python: Record<string, object> };
const files = () => [LOCK_FILE, ...Object.values(LOCK_FILES)].map(read);

describe("addons of the package index", () => {
  it("come with all that they need, go with it, and are the same bytes when nothing changed", async () => {
    index.addAddon("x_tool", { depends: ["base", "x_helper"], python: ["jose", "requests"] });
    index.addAddon("x_helper");
    index.addPython("jose", "3.5", ["rsa>=1"]);
    index.addPython("rsa", "4.9");
    expect(await lock("add", "x_tool")).toMatchObject({ status: 0 });
    const before = files();
    expect([Object.keys(locked().addons), Object.keys(locked().python)]).toEqual([
      ["x_helper", "x_tool"],
      ["jose", "rsa"],
    ]);
    expect(locked().addons["x_tool"]).toMatchObject({ wanted: true, repo: "OCA/tools", licence: "AGPL-3" });

    expect(await lock("update")).toMatchObject({
      status: 0,
      said: expect.stringContaining("Nothing changed.") as string,
    });
    expect(await lock("check", "--online")).toMatchObject({ status: 0 });
    expect(files()).toEqual(before);
    expect((await lock("why", "x_helper")).said).toBe("x_tool → x_helper\n");
    expect(await lock("remove", "x_helper")).toEqual({ status: 1, said: "x_helper is needed: x_tool → x_helper\n" });

    index.addAddon("x_tool", { version: "19.0.1.1.0", depends: ["base"] });
    expect((await lock("update")).said).toContain("x_helper: 19.0.1.0.0 → removed\nx_tool: 19.0.1.0.0 → 19.0.1.1.0\n");
    expect(Object.keys(locked().python)).toEqual([]);
    expect(await lock("remove", "x_tool")).toMatchObject({ status: 0 });
    expect(locked().addons).toEqual({});
  });

  it("are never of a newer Odoo", async () => {
    index.addAddon("x_tool", { version: "20.0.1.0.0" });
    expect(await lock("add", "x_tool")).toMatchObject({ status: 1 });
    index.addAddon("x_tool", { version: "19.0.1.0.0" });
    expect(await lock("add", "x_tool")).toMatchObject({ status: 0 });
    expect(locked().addons["x_tool"]).toMatchObject({ version: "19.0.1.0.0" });
  });

  it.each<[string, AddonArgs, RegExp]>([
    ["with a licence off the list", { licence: "OPL-1" }, /^x_tool is licensed under OPL-1; allowed are AGPL-3, /m],
    ["that need what is nowhere", { depends: ["base", "x_absent"] }, /no pure wheel of odoo-addon-x-absent/],
    ["that need Python that is nowhere", { python: ["absent-thing"] }, /no pure wheel of absent-thing/],
  ])("%s are refused, and nothing is written", async (_what, args, fault) => {
    index.addAddon("x_tool", args);
    expect(await lock("add", "x_tool")).toEqual({ status: 1, said: expect.stringMatching(fault) as string });
    expect(existsSync(join(root, LOCK_FILE))).toBe(false);
  });

  it.each([
    ["unknown", "x_unknown", 1],
    ["of Odoo itself", "web", 1],
    ["no name", "../x", 2],
  ])("%s are refused", async (_what, name, status) => {
    expect(await lock("add", name)).toMatchObject({ status });
  });

  it("whose bytes changed are refused", async () => {
    index.addAddon("x_tool");
    await lock("add", "x_tool");
    index.addAddon("x_tool", { text: "2" });
    expect(await lock("check")).toMatchObject({ status: 0 });
    expect(await lock("check", "--online")).toEqual({
      status: 1,
      said: expect.stringMatching(/x_tool: the index has sha256 [0-9a-f]{64}; the lock says/) as string,
    });
  });

  it("that were edited by hand are found out", async () => {
    index.addAddon("x_tool");
    await lock("add", "x_tool");
    const good = read(LOCK_FILE);
    writeFileSync(join(root, LOCK_FILE), good.replace(/"sha256": "[0-9a-f]/, '"sha256": "x'));
    expect((await lock("check")).said).toContain("addons.x_tool.sha256: must be 64 hexadecimal digits");
    writeFileSync(join(root, LOCK_FILE), good.replace("19.0.1.0.0-py3", "19.0.1.0.1-py3"));
    expect((await lock("check")).said).toContain("x_tool 19.0.1.0.0 is locked as odoo_addon_x_tool-19.0.1.0.1-py3");
    writeFileSync(join(root, LOCK_FILE), good);
    writeFileSync(join(root, LOCK_FILES.requirements), "");
    expect((await lock("check")).said).toContain(`${LOCK_FILES.requirements} is not what the lock renders to`);
  });
});

describe("addons of a Git repository", () => {
  let bare: string;
  let commit: string;

  const git = (cwd: string, ...args: string[]): string => {
    const identity = [
      "-c",
      "user.name=Trial",
      "-c",
      "user.email=trial@example.com",
      "-c",
      "protocol.file.allow=always",
    ];
    const { status, stdout, stderr } = spawnSync("git", [...identity, ...args], { cwd, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  };
  beforeEach(() => {
    const work = join(index.folder, "work");
    bare = join(index.folder, "tools.git");
    for (const [path, text] of Object.entries(addonFiles("x_tool", { depends: ["base", "x_helper"] }))) {
      mkdirSync(dirname(join(work, path)), { recursive: true });
      writeFileSync(join(work, path), text);
    }
    git(work, "init", "--quiet", "--initial-branch", "19.0");
    git(work, "add", ".");
    git(work, "commit", "--quiet", "--message", "Add a tool");
    commit = git(work, "rev-parse", "HEAD");
    git(work, "clone", "--quiet", "--bare", ".", bare);
    git(root, "init", "--quiet");
    index.addAddon("x_helper");
  });
  const add = async (at: string) => lock("add", "--git", bare, "--commit", at, "x_tool");
  const CHECKOUT = "docker/odoo/addons/oca/tools";

  it("are a submodule at that commit, with what they need from the index, until they are removed", async () => {
    expect(await add(commit)).toMatchObject({ status: 0 });
    expect(locked().addons["x_tool"]).toMatchObject({ source: "git", commit, path: "oca/tools/x_tool", wanted: true });
    expect(locked().addons["x_helper"]).toMatchObject({ source: "pypi", wanted: false });
    expect(git(root, "ls-files", "--stage", CHECKOUT)).toMatch(new RegExp(`^160000 ${commit}`));
    expect(read(LOCK_FILES.sums)).toMatch(/^[0-9a-f]{64} x_tool oca\/tools\/x_tool$/m);
    expect(await lock("check")).toMatchObject({ status: 0 });
    expect(await lock("remove", "x_tool")).toMatchObject({ status: 0 });
    expect(existsSync(join(root, CHECKOUT, "x_tool"))).toBe(false);
  });

  it.each(["HEAD", "19.0", "0123abc"])("at %s are refused", async (at) => {
    expect(await add(at)).toMatchObject({
      status: 2,
      said: expect.stringContaining("never a branch or HEAD") as string,
    });
  });

  it("at a commit that isn't there are refused", async () => {
    expect(await add("0".repeat(40))).toMatchObject({ status: 1 });
  });

  it("that were edited, or moved to another commit, are found out", async () => {
    await add(commit);
    writeFileSync(join(root, CHECKOUT, "x_tool/data/text.txt"), "2");
    expect((await lock("check")).said).toMatch(/x_tool has digest [0-9a-f]{64}; the lock says/);
    git(join(root, CHECKOUT), "commit", "--quiet", "--all", "--message", "Edit");
    expect((await lock("check")).said).toMatch(/oca\/tools\/x_tool is checked out at [0-9a-f]{40}; the lock says/);
    rmSync(join(root, CHECKOUT), { recursive: true });
    expect((await lock("check")).said).toContain("x_tool is not checked out");
  });
});
