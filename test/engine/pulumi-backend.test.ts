import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { findBackend, loggedInTo } from "../../engine/pulumi-backend.ts";

let root: string;
let home: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "pulumi-backend-"));
  home = join(root, "home");
  mkdirSync(home);
  writeFileSync(join(root, "Pulumi.yaml"), "name: shop\n");
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

describe("the backend that a user is logged in to", () => {
  const login = (current: string) => writeFileSync(join(home, "credentials.json"), JSON.stringify({ current }));
  const found = (env: NodeJS.ProcessEnv = {}) => loggedInTo(root, { PULUMI_HOME: home, ...env });

  test("is none where nobody logged in", () => {
    expect(found()).toBeUndefined();
  });

  test("is that of `pulumi login`, unless the project or the environment names another", () => {
    login("https://api.pulumi.com");
    expect(found()).toBe("https://api.pulumi.com");
    writeFileSync(join(root, "Pulumi.yaml"), "name: shop\nbackend:\n  url: s3://state\n");
    expect(found()).toBe("s3://state");
    expect(found({ PULUMI_BACKEND_URL: "file:///state" })).toBe("file:///state");
  });

  test("is Pulumi Cloud where there is a token for it", () => {
    expect(found({ PULUMI_ACCESS_TOKEN: "pul-x" })).toBe("Pulumi Cloud");
  });

  test("is none after `pulumi logout`", () => {
    login("");
    expect(found({ PULUMI_BACKEND_URL: "" })).toBeUndefined();
  });
});

describe("the local backend", () => {
  const find = (env: NodeJS.ProcessEnv = {}) => findBackend(root, { PULUMI_HOME: home, ...env });

  test("lies in the project, with a passphrase that only its owner reads", () => {
    const { folder, env } = find();
    expect(folder).toBe(join(root, ".platform/pulumi"));
    expect(env["PULUMI_BACKEND_URL"]).toBe(`file://${folder}`);
    const file = env["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? "";
    expect((statSync(file).mode & 0o777).toString(8)).toBe("600");
    expect((statSync(folder ?? "").mode & 0o777).toString(8)).toBe("700");
    expect(readFileSync(file, "utf8")).toMatch(/^[\w-]{32}\n$/);
  });

  test("keeps the passphrase that it was made with", () => {
    const passphrase = () => readFileSync(find().env["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? "", "utf8");
    expect(passphrase()).toBe(passphrase());
  });

  test.each([
    { PULUMI_CONFIG_PASSPHRASE: "mine" },
    { PULUMI_CONFIG_PASSPHRASE: "" },
    { PULUMI_CONFIG_PASSPHRASE_FILE: "/mine" },
  ])("leaves a passphrase of the user's own alone: %j", (env) => {
    expect(find(env).env["PULUMI_CONFIG_PASSPHRASE_FILE"]).toBeUndefined();
  });

  test("isn't made for who is logged in elsewhere", () => {
    const { folder, env, description } = find({ PULUMI_BACKEND_URL: "s3://state" });
    expect([folder, env["PULUMI_BACKEND_URL"], description]).toEqual([undefined, undefined, "s3://state"]);
  });

  // What is added to the environment shows in /proc and in `docker inspect` of whatever is started.
  test("puts no secret into the environment", () => {
    const { env } = find();
    const passphrase = readFileSync(env["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? "", "utf8").trim();
    expect(JSON.stringify(env)).not.toContain(passphrase);
  });
});
