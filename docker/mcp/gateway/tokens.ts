import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import {
  createRemoteJWKSet,
  decodeJwt,
  errors,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from "jose";

import type { Settings } from "./settings.ts";

/** Whoever calls, as their token says. */
export interface Caller {
  readonly who: string;
  readonly client: string;
  readonly groups: readonly string[];
  /** Seconds since 1970. */
  readonly expires: number;
}

/** Why a token is refused: 401 for one that is no good here, 403 for a good one of somebody who may not. */
export class Refused extends Error {
  readonly status: 401 | 403;
  constructor(status: 401 | 403, message: string) {
    super(message);
    this.status = status;
  }
}

/** Name in `iss` of tokens that this container signs itself: for the machine's own checks, and where no issuer is. */
export const LOCAL_ISSUER = "urn:odoo-platform:mcp";
/** On tmpfs: gone with the container, and with it every token that it signed. */
export const LOCAL_KEY = "/run/mcp/key.json";
/** Longest life of such a token. */
export const LOCAL_SECONDS = 3600;

/** Makes the key that local tokens are signed with. */
export async function makeLocalKey(path = LOCAL_KEY): Promise<void> {
  const { privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(await exportJWK(privateKey)), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export interface LocalToken {
  readonly subject: string;
  readonly audience: string;
  readonly groups: readonly string[];
  readonly seconds: number;
  /** @default LOCAL_ISSUER */
  readonly issuer?: string;
}

/** Signs a token, for whoever may enter this container. */
export async function signLocalToken(token: LocalToken, path = LOCAL_KEY): Promise<string> {
  if (token.seconds > LOCAL_SECONDS) throw new Error(`a local token lives ${LOCAL_SECONDS} s at most`);
  const key = await importJWK(JSON.parse(readFileSync(path, "utf8")) as JWK, "EdDSA");
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ groups: token.groups, client_id: "local" })
    .setProtectedHeader({ alg: "EdDSA", typ: "at+jwt" })
    .setIssuer(token.issuer ?? LOCAL_ISSUER)
    .setSubject(token.subject)
    .setAudience(token.audience)
    .setIssuedAt(now)
    .setExpirationTime(now + token.seconds)
    .sign(key);
}

/** Checks tokens: signature, issuer, audience, time, group. Whatever can't be checked is refused. */
export function tokenChecker(
  { issuer, resource, groups }: Pick<Settings, "issuer" | "resource" | "groups">,
  { keyPath = LOCAL_KEY, fetchJson = fetchDocument } = {},
): (token: string) => Promise<Caller> {
  let remote: Promise<ReturnType<typeof createRemoteJWKSet>> | undefined;
  const local = async (token: string): Promise<JWTPayload> => {
    const { kty, crv, x } = JSON.parse(readFileSync(keyPath, "utf8")) as JWK;
    const key = await importJWK({ kty, crv, x } as JWK, "EdDSA");
    return (
      await jwtVerify(token, key, {
        issuer: LOCAL_ISSUER,
        audience: resource,
        algorithms: ["EdDSA"],
        requiredClaims: ["exp", "sub"],
      })
    ).payload;
  };
  const company = async (token: string): Promise<JWTPayload> => {
    if (issuer === undefined) throw new Refused(401, "the token is of an issuer that is not known here");
    remote ??= fetchJson(issuer.metadataUrl).then(({ jwks_uri }) => createRemoteJWKSet(new URL(String(jwks_uri))));
    const keys = await remote.catch((error: unknown) => {
      remote = undefined;
      throw error;
    });
    return (
      await jwtVerify(token, keys, {
        issuer: issuer.url,
        audience: issuer.audience,
        // What an issuer may sign with. Never a secret that both sides know, never none.
        algorithms: ["RS256", "PS256", "ES256", "EdDSA"],
        requiredClaims: ["exp", "sub"],
        clockTolerance: 5,
      })
    ).payload;
  };
  return async (token) => {
    let payload: JWTPayload;
    try {
      payload = await (decodeJwt(token).iss === LOCAL_ISSUER ? local(token) : company(token));
    } catch (error) {
      if (error instanceof Refused) throw error;
      throw new Refused(401, error instanceof errors.JOSEError ? error.message : "the token can't be checked now");
    }
    const memberOf = Array.isArray(payload["groups"]) ? payload["groups"].map(String) : [];
    if (!memberOf.some((group) => groups.includes(group)))
      throw new Refused(403, `one of the groups ${groups.join(", ")} is needed`);
    return {
      who: textOf(payload["preferred_username"] ?? payload.sub),
      client: textOf(payload["azp"] ?? payload["client_id"]),
      groups: memberOf,
      expires: payload.exp ?? 0,
    };
  };
}

/** A claim that should be a text. */
export function textOf(claim: unknown): string {
  return typeof claim === "string" ? claim : "unknown";
}

async function fetchDocument(url: string): Promise<Record<string, unknown>> {
  const reply = await fetch(url, { signal: AbortSignal.timeout(5000) });
  if (!reply.ok) throw new Error(`${url} answered ${reply.status}`);
  return (await reply.json()) as Record<string, unknown>;
}
