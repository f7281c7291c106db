import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { findPulumi } from "../../engine/pulumi-cli.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "pulumi-cli-"));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function program(path: string, script: string): string {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), `#!/bin/sh\n${script}\n`);
  chmodSync(join(root, path), 0o755);
  return join(root, path);
}
const find = () => findPulumi({ PATH: `${join(root, "path")}:/usr/bin:/bin`, PULUMI_HOME: join(root, "home") });

test("none is undefined", async () => {
  expect(await find()).toBeUndefined();
});

test("the one on PATH comes first", async () => {
  program("home/bin/pulumi", "echo v3.1.0");
  const path = program("path/pulumi", "echo v3.248.0");
  expect(await find()).toEqual({ path, version: "3.248.0" });
});

test("then the one that Pulumi's installer put into its home", async () => {
  program("home/versions/3.300.0/bin/pulumi", "echo v3.300.0");
  const path = program("home/bin/pulumi", "echo v3.248.0");
  expect(await find()).toEqual({ path, version: "3.248.0" });
});

test("then the newest that its npm package downloaded, by number, not by letter", async () => {
  program("home/versions/3.99.0/bin/pulumi", "echo v3.99.0");
  const path = program("home/versions/3.248.0/bin/pulumi", "echo v3.248.0");
  expect(await find()).toEqual({ path, version: "3.248.0" });
});

test("one that doesn't run is passed over", async () => {
  program("path/pulumi", "echo broken; exit 1");
  const path = program("home/bin/pulumi", "echo v3.248.0");
  expect(await find()).toEqual({ path, version: "3.248.0" });
});
