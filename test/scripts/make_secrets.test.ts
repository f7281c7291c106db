import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { resourcesOf, TYPES } from "../../plan/plan.ts";
import { planOf, ROOT } from "../harness/plans.ts";

// scripts/make_secrets.sh is for those who run the generated Compose files by hand.
let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "make-secrets-"));
  mkdirSync(join(project, "deploy"));
  for (const file of ["docker-compose.yml", "docker-compose.shell.yml", "deploy/docker-compose.prod.yml"])
    copyFileSync(join(ROOT, file), join(project, file));
});
afterEach(() => {
  rmSync(project, { recursive: true });
});

function run(args: readonly string[] = [], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync("bash", [join(ROOT, "scripts/make_secrets.sh"), ...args], {
    cwd: project,
    env: { PATH: process.env["PATH"], ...env },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

const mode = (path: string) => (statSync(join(project, path)).mode & 0o777).toString(8);
const secretsOf = async (stack: "dev" | "prod") =>
  resourcesOf(await planOf(stack), TYPES.password)
    .map(({ name }) => name)
    .sort();

/** Access keys of a vault in the cloud. */
const GIVEN = ["writer", "reader"].flatMap((role) => [`vault-${role}-id`, `vault-${role}-secret`]);

/** Puts there what others give. */
function give(stack: "dev" | "prod", folder = `.platform/${stack}/secrets`): void {
  if (stack === "dev") return;
  mkdirSync(join(project, folder, "given"), { recursive: true });
  for (const name of GIVEN) writeFileSync(join(project, folder, "given", name), "from AWS", { mode: 0o444 });
}

const made = (folder: string) =>
  readdirSync(join(project, folder))
    .filter((name) => name !== "given")
    .sort();

test.each<["dev" | "prod", string[]]>([
  ["dev", []],
  ["prod", ["deploy/docker-compose.prod.yml"]],
])("makes every secret of %s, of letters and digits, where the Compose file looks for it", async (stack, args) => {
  give(stack);
  expect(run(args)).toMatchObject({ status: 0, stderr: "" });
  const folder = `.platform/${stack}/secrets`;
  const names = made(folder);
  expect(names).toEqual(await secretsOf(stack));
  expect(mode(folder)).toBe("700");
  expect(new Set(names.map((name) => mode(`${folder}/${name}`)))).toEqual(new Set(["444"]));
  const values = names.map((name) => readFileSync(join(project, folder, name), "utf8"));
  expect(values.filter((value) => !/^[A-Za-z0-9]{32}$/.test(value))).toEqual([]);
  expect(new Set(values).size).toBe(values.length);
});

test("prints names, never values, and makes nothing twice", () => {
  const { stdout } = run();
  const value = readFileSync(join(project, ".platform/dev/secrets/odoo-db-password"), "utf8");
  expect(stdout).toContain("made ./.platform/dev/secrets/odoo-db-password");
  expect(stdout).not.toContain(value);
  expect(run()).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(readFileSync(join(project, ".platform/dev/secrets/odoo-db-password"), "utf8")).toBe(value);
});

describe("where they are put", () => {
  test("by the environment", async () => {
    const elsewhere = join(project, "elsewhere");
    expect(run([], { SECRETS_DIR: elsewhere }).status).toBe(0);
    expect(readdirSync(elsewhere).sort()).toEqual(await secretsOf("dev"));
  });

  test("by .env, which Compose reads too, starting at the Compose file", async () => {
    writeFileSync(join(project, "deploy/.env"), "BASE=x\nSECRETS_DIR=./mine\n");
    give("prod", "deploy/mine");
    expect(run(["deploy/docker-compose.prod.yml"]).status).toBe(0);
    expect(made("deploy/mine")).toEqual(await secretsOf("prod"));
  });
});

test("makes up no key that somebody else has to give, and names each", () => {
  const { status, stderr } = run(["deploy/docker-compose.prod.yml"]);
  expect(status).toBe(1);
  for (const name of GIVEN) expect(stderr).toContain(`.platform/prod/secrets/given/${name}`);
  expect(existsSync(join(project, ".platform/prod/secrets/given"))).toBe(false);
  expect(existsSync(join(project, ".platform/prod/secrets/odoo-db-password"))).toBe(true);
});

test("says what is missing where there is no Compose file", () => {
  expect(run(["gone.yml"])).toEqual({
    status: 2,
    stdout: "",
    stderr: "make_secrets.sh: there is no gone.yml; run it in the project's folder, or name the Compose file\n",
  });
});

test("refuses a Compose file that names no secret, instead of making none", () => {
  writeFileSync(join(project, "other.yml"), "services: {}\n");
  const { status, stderr } = run(["other.yml"]);
  expect([status, stderr]).toEqual([
    2,
    "make_secrets.sh: other.yml names no secrets; is it a Compose file of this project?\n",
  ]);
});
