import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { Fault } from "../../engine/fault.ts";
import { shortKey } from "../../gates/seal.ts";
import { admitSigner } from "../../probes/signers-file.ts";
import { readSigners } from "../../stacks/signers.ts";
import { LAB, makeSigner } from "../harness/signer.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "signers-"));
});
afterEach(() => rmSync(root, { recursive: true }));

describe("admitting a key", () => {
  const ann = makeSigner("Ann", ["DevOps"]).signer;

  it("makes the file, sorted by name, and gives a known one its new roles", () => {
    admitSigner(root, LAB.signer);
    admitSigner(root, ann);
    admitSigner(root, { ...ann, roles: ["DevOps", "Platform"] });
    expect(readSigners(root)).toEqual([{ ...ann, roles: ["DevOps", "Platform"] }, LAB.signer]);
    expect(readFileSync(join(root, "evidence/signers.json"), "utf8")).toMatch(/^\[\n {2}\{\n.*\n\]\n$/s);
  });

  it("does not rename one: whose word it was would change with it", () => {
    admitSigner(root, ann);
    expect(() => admitSigner(root, { ...ann, name: "Bob" })).toThrow(
      new Fault(
        `The key ${shortKey(ann.key)} is Ann's already; take that entry out of evidence/signers.json first, if it is to be Bob's.`,
      ),
    );
  });

  it("takes nothing but keys; that is wrong usage", () => {
    const fault = (() => {
      try {
        admitSigner(root, { name: "Bob", key: "ssh-ed25519 AAAA" });
      } catch (error) {
        return error as Fault;
      }
      return undefined;
    })();
    expect([fault?.exitCode, fault?.message]).toEqual([
      2,
      expect.stringMatching(/^--key must be an Ed25519 public key/),
    ]);
    expect(readSigners(root)).toEqual([]);
  });
});
