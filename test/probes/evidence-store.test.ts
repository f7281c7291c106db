import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { convertUnreadable, evidenceFolder, taskFileDigests, writeEvidence } from "../../probes/evidence-store.ts";
import { readEvidence } from "../../stacks/inputs.ts";
import { evidenceOf } from "../gates/fixtures.ts";
import { giveKey } from "../harness/signer.ts";
import { NOW } from "./fixtures.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "evidence-"));
  giveKey(root);
});

afterEach(() => rmSync(root, { recursive: true }));

describe("evidence", () => {
  it("is written where the program reads it, over the one before, and nothing else is left", () => {
    writeEvidence(root, evidenceOf("2.5", { holds: false }));
    writeEvidence(root, evidenceOf("2.5"));
    writeEvidence(root, evidenceOf("2.10"));
    expect(readdirSync(evidenceFolder(root, "dev")).sort()).toEqual(["2.10.json", "2.5.json"]);
    expect(readEvidence(root, "dev")).toEqual([evidenceOf("2.10"), evidenceOf("2.5")]);
  });

  it("that isn't evidence is not written", () => {
    expect(() => writeEvidence(root, { ...evidenceOf("2.5"), detail: "" })).toThrow();
    expect(existsSync(join(evidenceFolder(root, "dev"), "2.5.json"))).toBe(false);
  });
});

describe("evidence that can't be read", () => {
  it.each([
    ["is no JSON", "{"],
    ["lacks a field", '{"task": "2.5"}'],
    ["is empty", ""],
  ])("because it %s does not count, and does not vanish either", (_what, text) => {
    mkdirSync(evidenceFolder(root, "dev"), { recursive: true });
    writeFileSync(join(evidenceFolder(root, "dev"), "2.5.json"), text);
    writeEvidence(root, evidenceOf("2.6"));
    expect(() => readEvidence(root, "dev")).toThrow();

    expect(convertUnreadable(root, "dev", NOW)).toEqual(["2.5"]);

    const [converted, untouched] = readEvidence(root, "dev");
    expect(converted).toMatchObject({ task: "2.5", holds: false, detail: "the evidence file could not be read" });
    expect(untouched).toEqual(evidenceOf("2.6"));
    expect(convertUnreadable(root, "dev", NOW)).toEqual([]);
  });

  it("is no matter where there is none", () => {
    expect(convertUnreadable(root, "dev", NOW)).toEqual([]);
  });
});

describe("the files of a task", () => {
  it("are known by their content, and missing ones are named", () => {
    writeFileSync(join(root, "a"), "x");
    expect(taskFileDigests(root, ["a", "b"])).toEqual({
      digests: { a: "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881" },
      missing: ["b"],
    });
  });
});
