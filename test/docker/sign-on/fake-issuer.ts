import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { exportJWK, generateKeyPair, SignJWT } from "jose";

type Claims = { readonly [name: string]: unknown };

/** An issuer that keeps to OpenID Connect, and lies on demand. */
export interface FakeIssuer {
  readonly url: string;
  readonly metadataUrl: string;
  /** Plays the person at the issuer's page; returns the path that the browser comes back with. */
  readonly approve: (authorizationUrl: string, claims: Claims) => string;
  /** From now on signs with a key that it does not publish. */
  readonly forge: () => Promise<void>;
  /** From now on refuses to refresh. */
  readonly revoke: () => void;
  readonly regroup: (groups: readonly string[]) => void;
  readonly logoutToken: (claims: Claims) => Promise<string>;
  readonly close: () => Promise<void>;
}

export async function fakeIssuer(): Promise<FakeIssuer> {
  const published = await generateKeyPair("RS256");
  let signing = published.privateKey;
  const codes = new Map<string, Claims>();
  let revoked = false;
  let last: Claims = {};
  let url = "";

  const tokens = async (claims: Claims) => {
    const now = Math.floor(Date.now() / 1000);
    const whole = { iss: url, aud: "shell", sub: "1", iat: now, exp: now + 300, preferred_username: "ada", ...claims };
    const idToken = await new SignJWT(whole).setProtectedHeader({ alg: "RS256", kid: "1" }).sign(signing);
    return { access_token: "a", token_type: "Bearer", expires_in: 300, refresh_token: "r", id_token: idToken };
  };

  const answer = async (path: string, body: URLSearchParams): Promise<[number, unknown]> => {
    if (path === "/meta")
      return [
        200,
        {
          issuer: url,
          authorization_endpoint: `${url}/authorize`,
          token_endpoint: `${url}/token`,
          end_session_endpoint: `${url}/end`,
          jwks_uri: `${url}/keys`,
        },
      ];
    if (path === "/keys")
      return [200, { keys: [{ ...(await exportJWK(published.publicKey)), kid: "1", alg: "RS256" }] }];
    const refused: [number, unknown] = [400, { error: "invalid_grant" }];
    if (body.get("grant_type") === "refresh_token") {
      if (revoked) return refused;
      return [200, await tokens({ ...last, nonce: undefined })];
    }
    const claims = codes.get(body.get("code") ?? "");
    codes.delete(body.get("code") ?? "");
    if (claims === undefined || (body.get("code_verifier") ?? "") === "") return refused;
    last = claims;
    return [200, await tokens(claims)];
  };

  const server: Server = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      void answer(request.url ?? "", new URLSearchParams(Buffer.concat(chunks).toString())).then(([status, body]) => {
        reply.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    metadataUrl: `${url}/meta`,
    approve: (authorizationUrl, claims) => {
      const asked = new URL(authorizationUrl).searchParams;
      const code = `c${codes.size}-${Math.random()}`;
      codes.set(code, { nonce: asked.get("nonce"), ...claims });
      return `/auth/callback?code=${code}&state=${asked.get("state") ?? ""}`;
    },
    forge: async () => {
      signing = (await generateKeyPair("RS256")).privateKey;
    },
    revoke: () => (revoked = true),
    regroup: (groups) => (last = { ...last, groups }),
    logoutToken: (claims) =>
      new SignJWT({ jti: "1", events: { "http://schemas.openid.net/event/backchannel-logout": {} }, ...claims })
        .setProtectedHeader({ alg: "RS256", kid: "1" })
        .setIssuer(url)
        .setAudience((claims["aud"] as string | undefined) ?? "shell")
        .setIssuedAt()
        .sign(published.privateKey),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
