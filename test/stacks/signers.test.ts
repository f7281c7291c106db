import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { readMachineKey, readSigners, signersFor } from "../../stacks/signers.ts";
import { LAB, makeSigner } from "../harness/signer.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "signers-"));
  for (const folder of ["evidence", ".platform"]) mkdirSync(join(root, folder));
});
afterEach(() => rmSync(root, { recursive: true }));

describe("keys that the project admits", () => {
  it("are those of evidence/signers.json, and none without it", () => {
    expect(readSigners(root)).toEqual([]);
    writeFileSync(join(root, "evidence/signers.json"), JSON.stringify([LAB.signer]));
    expect(readSigners(root)).toEqual([LAB.signer]);
  });

  it.each([
    ["no JSON", "[", "evidence/signers.json is not JSON. Mend it, or bring it back with `git checkout"],
    ["keys that are none", '[{"name":"x","key":"y"}]', "must be an Ed25519 public key"],
    ["fields that nobody knows", JSON.stringify([{ ...LAB.signer, admin: true }]), "Unrecognized key"],
  ])("with %s stop the program: half a list admits the wrong ones", (_what, text, sentence) => {
    writeFileSync(join(root, "evidence/signers.json"), text);
    expect(() => readSigners(root)).toThrow(sentence);
  });
});

describe("the key of this machine", () => {
  it("is read where there is one", () => {
    expect(readMachineKey(root)).toBeUndefined();
    writeFileSync(join(root, ".platform/evidence-key.pub"), `${LAB.signer.key}\n`);
    expect(readMachineKey(root)).toBe(LAB.signer.key);
  });

  it("that is none stops the program", () => {
    writeFileSync(join(root, ".platform/evidence-key.pub"), "x");
    expect(() => readMachineKey(root)).toThrow(".platform/evidence-key.pub holds no Ed25519 public key. Remove it;");
  });
});

describe("keys that count for a stack", () => {
  const ann = makeSigner("Ann", ["DevOps"]).signer;
  const machineKey = LAB.signer.key;

  it("are the project's; in development this machine's too, once", () => {
    expect(signersFor("production", { signers: [ann], machineKey })).toEqual([ann]);
    expect(signersFor("staging", { signers: [ann], machineKey })).toEqual([ann]);
    expect(signersFor("development", { signers: [ann], machineKey })).toEqual([
      ann,
      { name: "this machine", key: machineKey },
    ]);
    expect(signersFor("development", { signers: [LAB.signer], machineKey })).toEqual([LAB.signer]);
    expect(signersFor("development", { signers: [], machineKey: undefined })).toEqual([]);
  });
});
