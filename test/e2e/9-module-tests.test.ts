import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { x } from "tinyexec";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { lendMachine } from "../../engine/image-source.ts";
import type { ModuleResult } from "../../engine/module-tests/report.ts";
import { docker } from "./harness/docker.ts";
import { platform, ROOT } from "./harness/platform.ts";
import { statusOf } from "./harness/verdicts.ts";

/** A clone of the project whose modules are broken here. */
let copy: string;
const ADDONS = "docker/odoo/addons";

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), "modules-"));
  const { exitCode, stderr } = await x("git", ["clone", "--quiet", "--no-hardlinks", ROOT, copy]);
  expect(exitCode, stderr).toBe(0);
  lendMachine(ROOT, copy, "dev");
});

afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
});

/** The verb in the clone, and its results by module. */
async function ci(...args: string[]) {
  const ran = await platform(["ci", "--json", ...args], { cwd: copy });
  const results = ran.stdout.startsWith("[") ? (JSON.parse(ran.stdout) as ModuleResult[]) : [];
  return { ...ran, of: Object.fromEntries(results.map((result) => [result.module, result])) };
}

const containers = () => docker.listContainers({ all: true, filters: { label: ["odoo-platform.module-tests"] } });

/** A module of three files. */
function addModule(name: string, files: { readonly [path: string]: string }, manifest = ""): void {
  const all = {
    "__init__.py": "",
    "__manifest__.py": `{"name": "${name}", "depends": ["base"], "author": "e2e", "license": "LGPL-3", ${manifest}}`,
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    const file = join(copy, ADDONS, name, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
  }
}

describe("a change of a module", () => {
  const file = `${ADDONS}/ipai_sign_on/tests/test_people.py`;

  it("that breaks a test is red, and names it; in JUnit too", async () => {
    appendFileSync(join(copy, file), "\n    def test_that_fails(self):\n        self.assertEqual(1, 2)\n");
    const { exitCode, of, stderr } = await ci("--changed", "HEAD", "--junit", join(copy, "out/modules.xml"));
    expect(exitCode, stderr).toBe(1);
    expect(Object.keys(of)).toEqual(["ipai_sign_on"]);
    expect(of["ipai_sign_on"]).toMatchObject({
      status: "red",
      detail: expect.stringContaining("test_that_fails") as string,
    });
    expect(of["ipai_sign_on"]?.tests.filter(({ outcome }) => outcome === "passed").length).toBeGreaterThan(10);
    expect(readFileSync(join(copy, "out/modules.xml"), "utf8")).toMatch(/test_that_fails"[^>]*>\s*<failure/);
  });

  it("is green once it is mended, within five minutes", async () => {
    const text = readFileSync(join(copy, file), "utf8");
    writeFileSync(join(copy, file), text.replace("self.assertEqual(1, 2)", "self.assertEqual(2, 2)"));
    const { exitCode, of, seconds } = await ci("--changed", "HEAD");
    expect([exitCode, of["ipai_sign_on"]?.status]).toEqual([0, "green"]);
    expect(seconds).toBeLessThan(300);
  });

  it("that is none tests nothing", async () => {
    await x("git", ["checkout", "--quiet", "--", "."], { nodeOptions: { cwd: copy } });
    const { exitCode, stdout } = await ci("--changed", "HEAD");
    expect([exitCode, stdout]).toEqual([0, "No module is touched: there is nothing to test.\n"]);
  });
});

describe("modules that are no good", () => {
  it("are told from each other: one hangs, one can't be installed, one warns, one has no tests", async () => {
    addModule(
      "ipai_hangs",
      { "__init__.py": "import time\n\n\ndef wait(env):\n    time.sleep(3600)\n" },
      '"post_init_hook": "wait"',
    );
    addModule(
      "ipai_unfit",
      { "data.xml": '<odoo><record id="x" model="no.such.model"/></odoo>' },
      '"data": ["data.xml"]',
    );
    addModule("ipai_warns", {
      "tests/__init__.py": "from . import test_it",
      "tests/test_it.py":
        "import logging\n\nfrom odoo.tests.common import TransactionCase\n\n\nclass TestIt(TransactionCase):\n    def test_it(self):\n        logging.getLogger('ipai').warning('soon gone')\n",
    });
    addModule("ipai_plain", {});
    const names = ["ipai_hangs", "ipai_unfit", "ipai_warns", "ipai_plain"];
    const { exitCode, of, stderr } = await ci("--timeout", "60", "--module", ...names);
    expect(exitCode, stderr).toBe(1);
    expect(names.map((name) => [name, of[name]?.status])).toEqual([
      ["ipai_hangs", "red"],
      ["ipai_unfit", "red"],
      ["ipai_warns", "yellow"],
      ["ipai_plain", "green"],
    ]);
    expect(of["ipai_hangs"]?.detail).toBe("it took longer than 60 s");
    expect(of["ipai_unfit"]?.log).toContain("no.such.model");
    expect(of["ipai_warns"]?.warnings).toEqual(["ipai: soon gone"]);
    expect(of["ipai_plain"]?.detail).toBe("no tests");
  });

  it("that a killed run is at are given up by the next run, which has the databases to itself", async () => {
    const args = ["ci", "--module", "ipai_plain", "ipai_hangs"];
    const killed = await platform(args, { cwd: copy, killWhen: /green +ipai_plain/ });
    expect(killed.signal, killed.stderr).toBe("SIGKILL");
    expect(await containers()).toHaveLength(1);
    const { exitCode, of, stderr } = await ci("--module", "ipai_plain");
    expect([exitCode, of["ipai_plain"]?.status], stderr).toEqual([0, "green"]);
  });

  it("leave no container behind", async () => {
    expect(await containers()).toEqual([]);
  });
});

describe("first-party modules of this very commit", () => {
  it("are GO for 3.3, and the workflow that tests them is for 3.4", async () => {
    await platform(["verify", "--stack", "dev", "--task", "3.3", "3.4"]);
    expect(await statusOf(["3.3", "3.4"])).toEqual({ "3.3": "GO", "3.4": "GO" });
  });
});
