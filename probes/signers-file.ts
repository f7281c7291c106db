import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { Fault } from "../engine/fault.ts";
import { type Signer, signerSchema, shortKey } from "../gates/seal.ts";
import { readSigners, SIGNERS_FILE } from "../stacks/signers.ts";

/**
 * Admits a key to evidence/signers.json, sorted by name. The same key under the same name gets these roles.
 *
 * @throws Fault for what is no key, and for a key that has another name already.
 */
export function admitSigner(root: string, signer: Signer): void {
  const parsed = signerSchema.safeParse(signer);
  if (!parsed.success)
    throw new Fault(
      `--key must be an Ed25519 public key (SPKI, DER, base64), as \`npm run platform -- evidence key\` prints it; got ${signer.key}`,
      2,
    );
  const known = readSigners(root);
  const same = known.find(({ key }) => key === signer.key);
  if (same !== undefined && same.name !== signer.name)
    throw new Fault(
      `The key ${shortKey(signer.key)} is ${same.name}'s already; take that entry out of ${SIGNERS_FILE} first, if it is to be ${signer.name}'s.`,
    );
  const others = known.filter(({ key }) => key !== signer.key);
  const all = [...others, parsed.data].sort((a, b) => (a.name < b.name ? -1 : 1));
  mkdirSync(dirname(join(root, SIGNERS_FILE)), { recursive: true });
  writeFileSync(join(root, SIGNERS_FILE), `${JSON.stringify(all, null, 2)}\n`);
}
