import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { Fault } from "../engine/fault.ts";
import { publicKeyOf } from "../gates/seal.ts";
import { MACHINE_KEY_FILE } from "../stacks/signers.ts";

/** Private key of this machine: whoever has it can say of any stack what he likes. */
const PRIVATE_KEY_FILE = ".platform/evidence-key.pem";

/**
 * The key that this machine signs evidence with; made at first use, readable for its owner alone.
 *
 * @throws Fault when others can read it, or it is no Ed25519 key.
 */
export function machineKey(root: string): KeyObject {
  const path = join(root, PRIVATE_KEY_FILE);
  if (!existsSync(path)) make(path);
  const others = statSync(path).mode & 0o077;
  if (others !== 0)
    throw new Fault(
      `${PRIVATE_KEY_FILE} can be read by others, so anyone could have signed with it. Remove it; the next \`verify\` makes a new one and takes the evidence again.`,
    );
  const key = read(path);
  const published = join(root, MACHINE_KEY_FILE);
  const half = `${publicKeyOf(key)}\n`;
  if (!existsSync(published) || readFileSync(published, "utf8") !== half) writeFileSync(published, half);
  return key;
}

function make(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync("ed25519");
  const unfinished = `${path}.${process.pid}.new`;
  writeFileSync(unfinished, privateKey.export({ format: "pem", type: "pkcs8" }), { mode: 0o600 });
  try {
    // Not over one that another process made meanwhile: what that one signed must still count.
    linkSync(unfinished, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(unfinished);
  }
}

function read(path: string): KeyObject {
  const mend = `Remove it; the next \`verify\` makes a new one and takes the evidence again.`;
  try {
    const key = createPrivateKey(readFileSync(path, "utf8"));
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch {
    throw new Fault(`${PRIVATE_KEY_FILE} is no private key. ${mend}`);
  }
  throw new Fault(`${PRIVATE_KEY_FILE} is no Ed25519 key. ${mend}`);
}
