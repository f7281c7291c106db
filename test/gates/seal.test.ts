import fc from "fast-check";
import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";

import type { Evidence } from "../../gates/evidence.ts";
import { findSealFault, publicKeyOf, sealed, shortKey, signerOf, signersSchema } from "../../gates/seal.ts";
import { LAB, makeSigner } from "../harness/signer.ts";
import { evidenceOf } from "./fixtures.ts";

const STRANGER = makeSigner("stranger");
const ADMITTED = [LAB.signer];

describe("a seal", () => {
  it("holds for what was sealed, by a key that is admitted, through JSON and in another order of its keys", () => {
    const evidence = evidenceOf("2.5", { measured: { b: [1, 0.1, null, "ü"], a: { d: true, c: 1e21 } } });
    const turned = Object.fromEntries(Object.entries(JSON.parse(JSON.stringify(evidence)) as object).reverse());
    expect(findSealFault(turned, ADMITTED)).toBeUndefined();
    expect(signerOf(evidence, ADMITTED)).toBe(LAB.signer);
  });

  it("is missed", () => {
    expect(findSealFault({ ...evidenceOf("2.5"), seal: undefined }, ADMITTED)).toBe("is not signed");
    expect(signerOf({ seal: undefined }, ADMITTED)).toBeUndefined();
  });

  it("of a key that is not admitted counts for nothing, however right", () => {
    const other = evidenceOf("2.5", {}, STRANGER);
    expect(findSealFault(other, [STRANGER.signer])).toBeUndefined();
    expect(findSealFault(other, ADMITTED)).toBe(
      `is signed by a key that is not admitted (${shortKey(STRANGER.signer.key)}), as \`npm run platform -- evidence allow\` would`,
    );
    expect(findSealFault(other, [])).toMatch(/not admitted/);
  });

  it("of another record, or moved to another key's name, does not hold", () => {
    const [one, two] = [evidenceOf("2.5"), evidenceOf("2.6")];
    expect(findSealFault({ ...one, seal: two.seal }, ADMITTED)).toBe("was edited after it was signed");
    const foreign = {
      ...one,
      seal: { key: LAB.signer.key, signature: evidenceOf("2.5", {}, STRANGER).seal!.signature },
    };
    expect(findSealFault(foreign, ADMITTED)).toBe("was edited after it was signed");
    expect(findSealFault({ ...one, seal: { key: LAB.signer.key, signature: "no base64!" } }, ADMITTED)).toMatch(
      /edited/,
    );
  });

  it("breaks with every edit", () => {
    const evidence = evidenceOf("2.5", { measured: { rules: 9 }, files: { "a/b": "1" }, holds: false });
    const fields = Object.keys(evidence).filter((name) => name !== "seal");
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.jsonValue(), (field, value) => {
        const edited = { ...evidence, [field]: value };
        const same = JSON.stringify(edited) === JSON.stringify(evidence);
        expect(findSealFault(edited, ADMITTED)).toBe(same ? undefined : "was edited after it was signed");
      }),
    );
    expect(findSealFault({ ...evidence, more: 1 } as Evidence, ADMITTED)).toBe("was edited after it was signed");
    const less = Object.fromEntries(Object.entries(evidence).filter(([name]) => name !== "detail")) as Evidence;
    expect(findSealFault(less, ADMITTED)).toBe("was edited after it was signed");
  });

  it("takes the place of an earlier one", () => {
    const again = sealed(evidenceOf("2.5", {}, STRANGER), LAB.key);
    expect(findSealFault(again, ADMITTED)).toBeUndefined();
  });
});

describe("admitted keys", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;

  it.each<[string, unknown, string]>([
    ["no key", "", "must be an Ed25519 public key"],
    ["a key of another kind", publicKeyOf(rsa), "must be an Ed25519 public key"],
    ["a key with something behind it", `${LAB.signer.key}AAAA`, "must be an Ed25519 public key"],
    ["text", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA", "must be an Ed25519 public key"],
  ])("with %s are refused", (_what, key, message) => {
    expect(() => signersSchema.parse([{ name: "lab", key }])).toThrow(message);
  });

  it("are named once, so that a decision has one name", () => {
    expect(() => signersSchema.parse([LAB.signer, { ...LAB.signer, name: "Ann" }])).toThrow("must name each key once");
    expect(signersSchema.parse([LAB.signer, STRANGER.signer])).toHaveLength(2);
  });

  it("are told apart by their ends", () => {
    expect(shortKey(LAB.signer.key)).not.toBe(shortKey(STRANGER.signer.key));
  });
});
