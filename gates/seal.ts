import { createPublicKey, type KeyObject, sign, verify } from "node:crypto";

import { z } from "zod";

import { canonicalJson } from "../plan/digest.ts";

/** Who measured or decided, proven: a public key, and what its private half made of everything else in the record. */
export const sealSchema = z.strictObject({
  /** Ed25519 public key: SPKI, DER, base64. */
  key: z.string().min(1),
  /** Ed25519 signature of the canonical JSON of the record without its seal, base64. */
  signature: z.string().min(1),
});

/** A public key whose seals count. */
export const signerSchema = z.strictObject({
  /** Whose key it is: a machine or a person. */
  name: z.string().min(1),
  key: z.string().refine(isPublicKey, "must be an Ed25519 public key: SPKI, DER, base64"),
  /** Roles of the master plan that this person may decide for. @default none: measurements only */
  roles: z.array(z.string().min(1)).optional(),
});

export const signersSchema = z.array(signerSchema).refine((signers) => {
  return new Set(signers.map(({ key }) => key)).size === signers.length;
}, "must name each key once");

export type Seal = z.output<typeof sealSchema>;
export type Signer = z.output<typeof signerSchema>;

/** A record with a seal that it may lack. */
export interface Sealable {
  readonly seal?: Seal | undefined;
}

/** The record with the seal of a key; an earlier seal is replaced. */
export function sealed<T extends object>(record: T, privateKey: KeyObject): Omit<T, "seal"> & { seal: Seal } {
  const bare = withoutSeal(record);
  return { ...bare, seal: { key: publicKeyOf(privateKey), signature: signatureOf(bare, privateKey) } };
}

/** The public half of a key, as seals and `evidence/signers.json` write it. */
export function publicKeyOf(key: KeyObject): string {
  const half = key.type === "private" ? createPublicKey(key) : key;
  return half.export({ format: "der", type: "spki" }).toString("base64");
}

/**
 * Why a seal counts for nothing, or undefined.
 *
 * @param signers keys that are admitted.
 */
export function findSealFault(record: Sealable & object, signers: readonly Signer[]): string | undefined {
  const { seal } = record;
  if (seal === undefined) return "is not signed";
  if (!signers.some(({ key }) => key === seal.key))
    return `is signed by a key that is not admitted (${shortKey(seal.key)}), as \`npm run platform -- evidence allow\` would`;
  const bytes = Buffer.from(canonicalJson(withoutSeal(record)));
  if (!verify(null, bytes, importKey(seal.key), Buffer.from(seal.signature, "base64")))
    return "was edited after it was signed";
  return undefined;
}

/** Whose key this is, where it is admitted. */
export function signerOf(record: Sealable, signers: readonly Signer[]): Signer | undefined {
  return signers.find(({ key }) => key === record.seal?.key);
}

/** The end of a key, by which people tell keys apart: they all begin alike. */
export function shortKey(key: string): string {
  return `…${key.slice(-12)}`;
}

function signatureOf(bare: object, privateKey: KeyObject): string {
  return sign(null, Buffer.from(canonicalJson(bare)), privateKey).toString("base64");
}

function withoutSeal<T extends object>(record: T): Omit<T, "seal"> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== "seal")) as Omit<T, "seal">;
}

function importKey(base64: string): KeyObject {
  return createPublicKey({ key: Buffer.from(base64, "base64"), format: "der", type: "spki" });
}

function isPublicKey(base64: string): boolean {
  try {
    const key = importKey(base64);
    return key.asymmetricKeyType === "ed25519" && publicKeyOf(key) === base64;
  } catch {
    return false;
  }
}
