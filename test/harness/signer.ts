import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { publicKeyOf, type Signer } from "../../gates/seal.ts";

export interface TestSigner {
  readonly key: KeyObject;
  readonly signer: Signer;
}

/** A key of one's own, and its entry in evidence/signers.json. */
export function makeSigner(name: string, roles?: string[]): TestSigner {
  const { privateKey } = generateKeyPairSync("ed25519");
  return { key: privateKey, signer: { name, key: publicKeyOf(privateKey), ...(roles === undefined ? {} : { roles }) } };
}

/** The machine that measured what tests call evidence. */
export const LAB = makeSigner("lab");

/** Makes a key that of the machine, for a project in this folder. */
export function giveKey(root: string, { key } = LAB): void {
  mkdirSync(join(root, ".platform"), { recursive: true });
  writeFileSync(join(root, ".platform/evidence-key.pem"), key.export({ format: "pem", type: "pkcs8" }), {
    mode: 0o600,
  });
}
