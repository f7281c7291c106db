import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { importSecrets, readSecret, secretsFolder, writeSecrets } from "../../engine/secrets.ts";
import { type PlannedResource, TYPES } from "../../plan/plan.ts";
import { coreOf, planOf } from "../harness/plans.ts";

const NAMES = [
  "backup-password",
  "exporter-password",
  "keycloak-db-password",
  "mcp-audit-password",
  "odoo-admin-password",
  "odoo-db-password",
  "odoo-master-password",
  "odoo-mcp-password",
  "odoo-reporting-password",
  "shell-db-password",
  "superset-password",
];

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "secrets-"));
  folder = secretsFolder(root, "dev");
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
const values = () =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));

describe("making secrets", () => {
  test("writes one for every password of the plan, each another, of 32 letters and digits", async () => {
    expect(writeSecrets(root, await coreOf("dev")).sort()).toEqual(NAMES);
    expect(Object.keys(values()).sort()).toEqual(NAMES);
    expect(Object.values(values()).filter((value) => !/^[A-Za-z0-9]{32}$/.test(value))).toEqual([]);
    expect(new Set(Object.values(values())).size).toBe(NAMES.length);
  });

  // Containers of other users read the files: the folder is what keeps people out.
  test("keeps others out of the folder, and out of writing the files", async () => {
    writeSecrets(root, await coreOf("dev"));
    expect(mode(folder)).toBe("700");
    expect(NAMES.map((name) => mode(join(folder, name)))).toEqual(NAMES.map(() => "444"));
  });

  test("closes a folder that was left open", async () => {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    writeSecrets(root, await coreOf("dev"));
    expect(mode(folder)).toBe("700");
  });

  test("never writes over one that is there: the database knows it already", async () => {
    writeSecrets(root, await coreOf("dev"));
    const before = values();
    expect(writeSecrets(root, await coreOf("dev"))).toEqual([]);
    expect(values()).toEqual(before);
  });

  test("keeps what an operator chose, and makes the others", async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "odoo-admin-password"), "chosen-by-the-operator-long-enough");
    expect(writeSecrets(root, await coreOf("dev"))).not.toContain("odoo-admin-password");
    expect(values()["odoo-admin-password"]).toBe("chosen-by-the-operator-long-enough");
  });

  test("makes an empty one anew: a killed run left it", async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "odoo-db-password"), "");
    expect(writeSecrets(root, await coreOf("dev"))).toContain("odoo-db-password");
    expect(values()["odoo-db-password"]).toMatch(/^[A-Za-z0-9]{32}$/);
  });

  test("makes one of another generation anew, as another file, and once", async () => {
    const plan = await coreOf("dev");
    writeSecrets(root, plan);
    const before = values();
    const held = openSync(join(folder, "odoo-db-password"), "r");
    const renewed = { ...plan, resources: plan.resources.map((one) => inGeneration(one, "odoo-db-password", "2")) };
    expect(writeSecrets(root, renewed)).toEqual(["odoo-db-password"]);
    expect(values()["odoo-db-password"]).not.toBe(before["odoo-db-password"]);
    expect(values()).toEqual({ ...before, "odoo-db-password": values()["odoo-db-password"] });
    // What a container has mounted is what it was.
    expect(readFileSync(held, "utf8")).toBe(before["odoo-db-password"]);
    closeSync(held);
    expect(writeSecrets(root, renewed)).toEqual([]);
  });

  test("of two stacks are two sets", async () => {
    writeSecrets(root, await coreOf("dev"));
    writeSecrets(root, await planOf("staging"));
    const [dev, staging] = ["dev", "staging"].map((stack) => readSecret(root, stack, "odoo-db-password"));
    expect(dev).not.toBe(staging);
  });
});

function inGeneration(resource: PlannedResource, name: string, generation: string): PlannedResource {
  if (resource.type !== TYPES.password || resource.name !== name) return resource;
  return { ...resource, inputs: { ...resource.inputs, keepers: { generation } } };
}

describe("taking over", () => {
  const TAKEN = new Map([
    ["odoo-db-password", "elsewhere"],
    ["odoo-mcp-password", "else"],
  ]);

  test("writes what was made elsewhere, and the others are made beside it", async () => {
    importSecrets(root, await coreOf("dev"), TAKEN);
    expect(mode(folder)).toBe("700");
    expect(writeSecrets(root, await coreOf("dev"))).not.toContain("odoo-db-password");
    expect(values()).toMatchObject(Object.fromEntries(TAKEN));
    importSecrets(root, await coreOf("dev"), TAKEN);
    expect(values()).toMatchObject(Object.fromEntries(TAKEN));
  });

  test("takes over what is of a later generation, and makes it no more anew than others", async () => {
    const plan = await coreOf("dev");
    const renewed = { ...plan, resources: plan.resources.map((one) => inGeneration(one, "odoo-db-password", "3")) };
    importSecrets(root, renewed, TAKEN);
    writeSecrets(root, renewed);
    expect(values()).toMatchObject(Object.fromEntries(TAKEN));
  });

  test("writes nothing where the stack has another one, and does not print it", async () => {
    writeSecrets(root, await coreOf("dev"));
    rmSync(join(folder, "odoo-mcp-password"));
    const before = values();
    const plan = await coreOf("dev");
    expect(() => importSecrets(root, plan, TAKEN)).toThrow(new Error("it has others already: odoo-db-password"));
    expect(values()).toEqual(before);
  });
});

describe("reading one", () => {
  test("gives its value", () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "key"), "value");
    expect(readSecret(root, "dev", "key")).toBe("value");
  });

  test("that isn't there says which command makes it", () => {
    expect(() => readSecret(root, "dev", "key")).toThrow(
      "stack dev has no secret key yet; run `npm run platform -- up --stack dev`",
    );
  });
});
