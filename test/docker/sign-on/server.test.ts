import type { AddressInfo } from "node:net";
import { request, type Server } from "node:http";

import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { Issuer } from "../../../docker/sign-on/src/issuer.mjs";
import { safePath, signOn } from "../../../docker/sign-on/src/server.mjs";
import { Sessions } from "../../../docker/sign-on/src/sessions.mjs";
import { fakeIssuer, type FakeIssuer } from "./fake-issuer.ts";

const HOST = "shell.example.com";
const SITES = {
  [HOST]: { client: "shell", groups: ["admin"] },
  "status.example.com": { client: "status", groups: ["admin"] },
};

let issuer: FakeIssuer;
let server: Server;
let sessions: Sessions;
let time = 0;

beforeEach(async () => {
  issuer = await fakeIssuer();
  time = Date.now();
  sessions = new Sessions({ absoluteSeconds: 3600, idleSeconds: 600, most: 3, now: () => time });
  const party = new Issuer({ issuer: issuer.url, metadataUrl: issuer.metadataUrl, secretOf: () => "s3cret" });
  server = signOn({ sites: SITES, issuer: party, sessions, now: () => time });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await issuer.close();
});

interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly cookies: { readonly [name: string]: string };
}

function ask(path: string, headers: { [name: string]: string } = {}, body?: string): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const method = body === undefined ? "GET" : "POST";
    const outgoing = request({ port, path, method, headers: { Host: HOST, ...headers } }, (reply) => {
      reply.resume();
      const set = reply.headers["set-cookie"] ?? [];
      const cookies: { [name: string]: string } = {};
      for (const line of set) {
        const [pair = ""] = line.split(";");
        cookies[pair.slice(0, pair.indexOf("="))] = pair.slice(pair.indexOf("=") + 1);
      }
      reply.on("end", () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, cookies }));
    });
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

const LOGIN = "__Host-sign-on-login";
const SESSION = "__Host-sign-on";

/** Goes through a whole sign-on as a browser would; returns the callback that ended it, and the session's cookie. */
async function signIn(claims: { [name: string]: unknown } = {}, change: (callback: string) => string = (url) => url) {
  const begun = await ask("/auth/login?to=/x");
  const callback = change(issuer.approve(String(begun.headers["location"]), { groups: ["admin"], ...claims }));
  const login = `${LOGIN}=${begun.cookies[LOGIN] ?? ""}`;
  const ended = await ask(callback, { Cookie: login });
  return { callback, login, ended, cookie: `${SESSION}=${ended.cookies[SESSION] ?? ""}` };
}

const check = (cookie: string, host = HOST) => ask("/auth/check", { Cookie: cookie, Host: host });

describe("a sign-on", () => {
  test("ends where it began, and says who it is and in which groups", async () => {
    const { ended, cookie } = await signIn({ preferred_username: "ada", groups: ["admin", "x y"] });
    expect([ended.status, ended.headers["location"]]).toEqual([302, "/x"]);
    expect(String(ended.headers["set-cookie"])).toMatch(
      /__Host-sign-on=[^;]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax/,
    );
    const { status, headers } = await check(cookie);
    expect([status, headers["remote-user"], headers["remote-groups"]]).toEqual([200, "ada", "admin"]);
    // What ttyd can carry.
    expect(String(headers["remote-session"])).toMatch(/^[\w-]{22}$/);
  });

  test("is refused to who is in no group that may", async () => {
    expect((await check((await signIn({ groups: ["analyst"] })).cookie)).status).toBe(403);
  });

  test("asks for PKCE, a state and a nonce, each another every time", async () => {
    const [first, second] = [await ask("/auth/login"), await ask("/auth/login")].map(
      ({ headers }) => new URL(String(headers["location"])).searchParams,
    );
    expect(first?.get("code_challenge_method")).toBe("S256");
    for (const name of ["state", "nonce", "code_challenge"]) expect(first?.get(name)).not.toBe(second?.get(name));
  });
});

describe("attacks", () => {
  test("another browser's answer signs nobody in: no cookie, or that of another sign-on", async () => {
    const begun = await ask("/auth/login");
    const callback = issuer.approve(String(begun.headers["location"]), { groups: ["admin"] });
    expect((await ask(callback)).status).toBe(400);
    const other = await ask("/auth/login");
    expect((await ask(callback, { Cookie: `${LOGIN}=${other.cookies[LOGIN] ?? ""}` })).status).toBe(400);
    expect(sessions.size).toBe(0);
  });

  test.each<[string, { [name: string]: unknown }]>([
    ["nonce", { nonce: "another" }],
    ["issuer", { iss: "https://evil.example" }],
    ["audience", { aud: "another" }],
    ["expired token", { exp: 1_000 }],
    ["name that breaks headers", { preferred_username: "ada\r\nRemote-Groups: admin" }],
  ])("a token of another %s is refused", async (_what, claims) => {
    const { ended } = await signIn(claims);
    expect([ended.status, sessions.size]).toEqual([400, 0]);
  });

  test("a token that somebody else signed is refused", async () => {
    await issuer.forge();
    expect((await signIn()).ended.status).toBe(400);
  });

  test("a callback counts once", async () => {
    const { callback, login } = await signIn();
    expect((await ask(callback, { Cookie: login })).status).toBe(400);
  });

  test("a session is of one host, and a guessed or doubled cookie is none", async () => {
    const { cookie } = await signIn();
    expect((await check(cookie, "status.example.com")).status).toBe(401);
    expect((await check(`${cookie}x`)).status).toBe(401);
    expect((await check(`${cookie}; ${SESSION}=x`)).status).toBe(401);
    expect((await check(cookie, "evil.example")).status).toBe(421);
  });

  test.each(["//evil.example", "/\\evil.example", "https://evil.example", "/auth/logout", "x", "/a b"])(
    "leads nowhere else: %s",
    (to) => {
      expect(safePath(to)).toBe("/");
    },
  );

  test("a flood of sign-ons keeps the newest and no more", async () => {
    const first = await signIn();
    for (let more = 0; more < 3; more++) await signIn();
    expect(sessions.size).toBe(3);
    expect((await check(first.cookie)).status).toBe(401);
  });
});

describe("an end", () => {
  test("comes when idle, and after the longest time, however busy", async () => {
    const idle = await signIn();
    time += 601_000;
    expect((await check(idle.cookie)).status).toBe(401);
    const busy = await signIn();
    for (let minutes = 0; minutes < 60; minutes += 5) {
      expect((await check(busy.cookie)).status).toBe(200);
      time += 300_000;
    }
    time += 1_000;
    expect((await check(busy.cookie)).status).toBe(401);
  });

  test("comes with the log-out, here and at the issuer", async () => {
    const { cookie } = await signIn();
    const out = await ask("/auth/logout", { Cookie: cookie });
    expect(String(out.headers["location"])).toContain(`${issuer.url}/end?`);
    expect((await check(cookie)).status).toBe(401);
  });

  test("comes within a quarter of a minute when the issuer no longer knows the person, also to a terminal", async () => {
    const { cookie } = await signIn();
    const handle = String((await check(cookie)).headers["remote-session"]);
    expect((await ask(`/auth/session/${handle}`)).status).toBe(200);
    issuer.revoke();
    time += 15_001;
    expect((await ask(`/auth/session/${handle}`)).status).toBe(404);
    expect((await check(cookie)).status).toBe(401);
  });

  test("comes when a person leaves the group", async () => {
    const { cookie } = await signIn();
    issuer.regroup(["analyst"]);
    time += 15_001;
    expect((await check(cookie)).status).toBe(403);
  });

  test("does not come when the issuer is away: who is in stays, who comes is told", async () => {
    const { cookie } = await signIn();
    await issuer.close();
    time += 15_001;
    expect((await check(cookie)).status).toBe(200);
    expect((await ask("/auth/login")).status).toBe(503);
  });

  test("is told by the issuer, and by nobody else", async () => {
    const { cookie } = await signIn({ sid: "s1" });
    const say = async (token: string) =>
      (await ask("/auth/backchannel", { "Content-Type": "application/x-www-form-urlencoded" }, `logout_token=${token}`))
        .status;
    const { privateKey, publicKey } = await generateKeyPair("RS256");
    const jwk: JWK = await exportJWK(publicKey);
    const forged = await new SignJWT({ sid: "s1", jti: "1", events: {}, ...{ k: jwk.n } })
      .setProtectedHeader({ alg: "RS256" })
      .setIssuer(issuer.url)
      .setAudience("shell")
      .setIssuedAt()
      .sign(privateKey);
    expect(await say(forged)).toBe(400);
    expect(await say(await issuer.logoutToken({ sid: "s1", nonce: "n" }))).toBe(400);
    expect(await say(await issuer.logoutToken({ sid: "s1", aud: "another" }))).toBe(400);
    expect((await check(cookie)).status).toBe(200);
    expect(await say(await issuer.logoutToken({ sid: "s1" }))).toBe(200);
    expect((await check(cookie)).status).toBe(401);
  });
});

test("metadata of another issuer let nobody in", async () => {
  const party = new Issuer({ issuer: "https://other.example", metadataUrl: issuer.metadataUrl, secretOf: () => "s" });
  await expect(party.metadata()).rejects.toThrow("the issuer must be https://other.example");
});
