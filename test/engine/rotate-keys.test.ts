import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { raiseKeyGeneration } from "../../engine/rotate-keys.ts";

let root: string;
let file: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "rotate-"));
  file = join(root, "Pulumi.prod.yaml");
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

test("asks for one generation more, and leaves all else as it is", () => {
  const text = (setting: string) =>
    `# Why\nconfig:\n  odoo-platform:backup:\n    enabled: true # since May\n    regions: [a, b, c]\n${setting}  odoo-platform:domain: example.com\n`;
  writeFileSync(file, text(""));
  expect(raiseKeyGeneration(root, "prod")).toBe(2);
  expect(readFileSync(file, "utf8")).toBe(text("    keyGeneration: 2\n"));
  expect(raiseKeyGeneration(root, "prod")).toBe(3);
  expect(readFileSync(file, "utf8")).toBe(text("    keyGeneration: 3\n"));
});
