import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { refusal } from "../components/refusal.ts";
import { type Signer, signerSchema, signersSchema } from "../gates/seal.ts";
import { readJson } from "./read-json.ts";

/** Public keys whose evidence counts for every stack; in git, so that admitting one is reviewed. */
export const SIGNERS_FILE = "evidence/signers.json";

/** Public half of the key that this machine signs with; the private one lies beside it. */
export const MACHINE_KEY_FILE = ".platform/evidence-key.pub";

/**
 * Keys that the project admits; none where nobody was admitted yet.
 *
 * @param file path below the project's folder
 */
export function readSigners(root: string, file = SIGNERS_FILE): Signer[] {
  if (!existsSync(join(root, file))) return [];
  return readJson(signersSchema, root, file, `Mend it, or bring it back with \`git checkout -- ${file}\`.`);
}

/** Public key of this machine; undefined where nothing was signed on it yet. */
export function readMachineKey(root: string): string | undefined {
  if (!existsSync(join(root, MACHINE_KEY_FILE))) return undefined;
  const key = readFileSync(join(root, MACHINE_KEY_FILE), "utf8").trim();
  if (signerSchema.shape.key.safeParse(key).success) return key;
  throw refusal(`${MACHINE_KEY_FILE} holds no Ed25519 public key. Remove it; the next \`verify\` writes it again.`);
}

/**
 * Keys that count for a stack: those of the project, and this machine's own for a stack in development, whose evidence
 * never leaves the machine.
 */
export function signersFor(
  stage: string,
  { signers, machineKey }: { readonly signers: readonly Signer[]; readonly machineKey: string | undefined },
): Signer[] {
  const own = stage === "development" && machineKey !== undefined && !signers.some(({ key }) => key === machineKey);
  return own ? [...signers, { name: "this machine", key: machineKey }] : [...signers];
}
