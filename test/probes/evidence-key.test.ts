import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { generateKeyPairSync } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { Fault } from "../../engine/fault.ts";
import { publicKeyOf } from "../../gates/seal.ts";
import { machineKey } from "../../probes/evidence-key.ts";
import { readMachineKey } from "../../stacks/signers.ts";
import { giveKey } from "../harness/signer.ts";

const FILE = ".platform/evidence-key.pem";
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "key-"));
});
afterEach(() => rmSync(root, { recursive: true }));

describe("the key of a machine", () => {
  it("is made once, for its owner alone, and its public half is where the program reads it", () => {
    const key = machineKey(root);
    expect(publicKeyOf(machineKey(root))).toBe(publicKeyOf(key));
    expect(statSync(join(root, FILE)).mode & 0o777).toBe(0o600);
    expect(readMachineKey(root)).toBe(publicKeyOf(key));
    expect(readFileSync(join(root, ".platform/evidence-key.pub"), "utf8")).not.toContain("PRIVATE");
  });

  it("brings its public half along when it is another", () => {
    const before = publicKeyOf(machineKey(root));
    giveKey(root);
    expect(readMachineKey(root)).toBe(before);
    const after = publicKeyOf(machineKey(root));
    expect([readMachineKey(root), after === before]).toEqual([after, false]);
  });

  it("that others could read signs nothing any more", () => {
    machineKey(root);
    chmodSync(join(root, FILE), 0o640);
    expect(() => machineKey(root)).toThrow(
      new Fault(
        `${FILE} can be read by others, so anyone could have signed with it. Remove it; the next \`verify\` makes a new one and takes the evidence again.`,
      ),
    );
  });

  it.each([
    ["is cut off", "-----BEGIN PRIVATE KEY-----\nMC4C", `${FILE} is no private key. Remove it;`],
    [
      "is of another kind",
      generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "pem", type: "pkcs8" }),
      `${FILE} is no Ed25519 key. Remove it;`,
    ],
  ])("that %s says what to do", (_how, text, sentence) => {
    machineKey(root);
    writeFileSync(join(root, FILE), text);
    expect(() => machineKey(root)).toThrow(sentence);
  });
});
