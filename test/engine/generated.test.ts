import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { generatedFiles, imageVariables } from "../../engine/generated.ts";
import { planOf, ROOT } from "../harness/plans.ts";

const PATHS = [
  "docker-compose.yml",
  "deploy/docker-compose.prod.yml",
  ".env.example",
  "docs/POLICIES.md",
  "docs/gate.schema.json",
];

describe("generated files", () => {
  test("are those that are committed; else run `npm run platform -- docs`", async () => {
    const files = await generatedFiles(ROOT);
    expect(Object.keys(files)).toEqual(PATHS);
    for (const path of PATHS) expect(readFileSync(join(ROOT, path), "utf8")).toBe(files[path]);
  });

  describe("in another place", () => {
    let root: string;
    beforeEach(() => {
      root = mkdtempSync(join(tmpdir(), "generated-"));
      const parts = [
        "Pulumi.yaml",
        "Pulumi.dev.yaml",
        "Pulumi.staging.yaml",
        "Pulumi.prod.yaml",
        "docker",
        "components",
        "stacks",
      ];
      for (const part of parts) cpSync(join(ROOT, part), join(root, part), { recursive: true });
    });
    afterEach(() => {
      rmSync(root, { recursive: true });
    });

    test("are the same, whatever was found on the machine", async () => {
      mkdirSync(join(root, ".platform/dev"), { recursive: true });
      writeFileSync(
        join(root, ".platform/dev/machine.json"),
        '{ "imageSource": "debian", "buildBase": "shop/build-base:1" }',
      );
      expect(await generatedFiles(root)).toEqual(await generatedFiles(ROOT));
    });

    test("change with the configuration", async () => {
      const file = join(root, "Pulumi.dev.yaml");
      writeFileSync(file, readFileSync(file, "utf8").replace("httpsPort: 8443", "httpsPort: 8444"));
      expect((await generatedFiles(root))["docker-compose.yml"]).toContain('published: "8444"');
    });
  });
});

describe("the template of .env", () => {
  test("has every variable of the Compose file, with the value that it has there", async () => {
    const files = await generatedFiles(ROOT);
    const used = [...(files["docker-compose.yml"] ?? "").matchAll(/\$\{(\w+):-([^}]*)\}/g)].map(
      ([, name, value]) => `${name}=${value}`,
    );
    const given = (files[".env.example"] ?? "").split("\n").filter((line) => /^\w+=/.test(line));
    expect(given.length).toBeGreaterThan(5);
    expect([...new Set(used)].sort()).toEqual(given.sort());
  });

  test("without a registry names the images that are made here", async () => {
    const variables = imageVariables(
      await planOf("dev", { machine: { imageSource: "debian", buildBase: "shop/build-base:1" } }),
    );
    expect(variables.map((line) => line.replace(/:[0-9a-f]{12}$/, ":…")).sort()).toEqual([
      "BASE=odoo-platform/base:…",
      "BUILD_BASE=shop/build-base:1",
      "EDGE_IMAGE=odoo-platform/edge:…",
      "ODOO_BASE=odoo-platform/odoo-debian:…",
      "ODOO_DEBIAN_IMAGE=odoo-platform/odoo-debian:…",
      "ODOO_IMAGE=odoo-platform/odoo:…",
      "POSTGRES_IMAGE=odoo-platform/postgres:…",
    ]);
  });
});
