import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { RunError } from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { originOf, planStack, stackConfig, stacksOf } from "../../engine/stack-plan.ts";
import { resourcesOf, TYPES } from "../../plan/plan.ts";
import { ROOT, STACKS } from "../harness/plans.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "stack-plan-"));
  writeFileSync(join(root, "Pulumi.yaml"), "name: shop\n");
});
afterEach(() => {
  rmSync(root, { recursive: true });
});
const write = (stack: string, text: string) => writeFileSync(join(root, `Pulumi.${stack}.yaml`), text);

describe("stacks", () => {
  test("of this project", () => {
    expect(stacksOf(ROOT)).toEqual([...STACKS].sort());
  });

  test("are the files named for one; Pulumi.yaml is the project", () => {
    write("dev", "");
    write("eu-west-1", "");
    writeFileSync(join(root, "Pulumi.dev.yaml.bak"), "");
    expect(stacksOf(root)).toEqual(["dev", "eu-west-1"]);
  });
});

describe("a stack's configuration", () => {
  test("is handed over as Pulumi does: scalars as text, the rest as JSON", () => {
    write(
      "dev",
      "config:\n  shop:domain: localhost\n  shop:keep: false\n  shop:days: 3\n  shop:list: [a, b]\n  shop:edge:\n    port: 1\n",
    );
    expect(originOf(root, "dev")).toEqual({
      project: "shop",
      stack: "dev",
      config: {
        "shop:domain": "localhost",
        "shop:keep": "false",
        "shop:days": "3",
        "shop:list": '["a","b"]',
        "shop:edge": '{"port":1}',
      },
    });
  });

  test.each(["", "config:\n", "encryptionsalt: v1:abc\n"])("of a file that holds %j is empty", (text) => {
    write("dev", text);
    expect(stackConfig(root, "dev")).toEqual({});
  });

  test("of a stack that isn't there names those that are", () => {
    write("dev", "");
    write("prod", "");
    expect(() => stackConfig(root, "prd")).toThrow(
      new RunError("There is no stack prd: Pulumi.prd.yaml is missing. Stacks here: dev, prod."),
    );
  });

  test.each(["../dev", "/etc/passwd", "dev/x"])("of %j is of no stack", (stack) => {
    write("dev", "");
    expect(() => stackConfig(root, stack)).toThrow(`There is no stack ${stack}`);
  });

  test("that isn't YAML says where", () => {
    write("dev", "config:\n  shop:list: [a\n");
    expect(() => stackConfig(root, "dev")).toThrow(/^Pulumi\.dev\.yaml can't be read: .+ at line 3/);
  });
});

describe("a stack's plan", () => {
  test("is of this folder's configuration", async () => {
    const { project, stack, resources } = await planStack("staging", { root: ROOT });
    expect([project, stack, resources.length > 40]).toEqual(["odoo-platform", "staging", true]);
  });

  test("may be made with other facts", async () => {
    const machine = { imageSource: "debian" } as const;
    const plan = await planStack("dev", { root: ROOT, override: (inputs) => ({ ...inputs, machine }) });
    expect(resourcesOf(plan, TYPES.image).map(({ name }) => name)).toContain("odoo-debian");
  });

  test("may be a preview", async () => {
    const { outputs } = await planStack("dev", { root: ROOT, preview: true });
    expect(outputs["adminPassword"]).toEqual({ unknown: true });
  });

  test("isn't made of a configuration with faults", async () => {
    const config = { "odoo-platform:stage": "prod" };
    const plan = planStack("dev", { root: ROOT, override: (inputs) => ({ ...inputs, config }) });
    await expect(plan).rejects.toThrow("The configuration of stack dev has 5 faults:");
  });
});
