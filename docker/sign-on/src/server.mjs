import { createServer } from "node:http";

import { EncryptJWT, jwtDecrypt } from "jose";

import { IssuerAway, reasonOf } from "./issuer.mjs";
import { page } from "./page.mjs";

/** Cookies that only this host, over TLS, gets and sets. */
const SESSION = "__Host-sign-on";
const LOGIN = "__Host-sign-on-login";
const COOKIE = "Path=/; Secure; HttpOnly; SameSite=Lax";
const LOGIN_SECONDS = 600;
/** How long an answer of the issuer about a session counts, in milliseconds. */
const CHECK_EVERY = 15_000;
const LARGEST_BODY = 64 * 1024;

/** @typedef {{ client: string, groups: readonly string[] }} Site */
/** @typedef {import("node:http").IncomingMessage} Request */
/** @typedef {import("node:http").ServerResponse} Reply */

/**
 * The relying party of all sites that know nobody themselves. The edge asks it at each request who it is.
 *
 *   /auth/check              200 with Remote-User, Remote-Groups and Remote-Session; 401 nobody; 403 in no group that may
 *   /auth/login?to=/path     to the issuer;  /auth/callback  back from it;  /auth/logout  here and at the issuer
 *   /auth/backchannel        the issuer says that a session is over
 *   /auth/session/<handle>   who opened a terminal, as long as they may have it
 *
 * @param {{ sites: Record<string, Site>, issuer: import("./issuer.mjs").Issuer, sessions: import("./sessions.mjs").Sessions,
 *   log?: (line: Record<string, unknown>) => void, now?: () => number }} parts
 */
export function signOn({ sites, issuer, sessions, log = () => undefined, now = Date.now }) {
  // Lives as long as the process: who is at the issuer's page meanwhile begins again.
  const key = crypto.getRandomValues(new Uint8Array(32));

  const handle = async (/** @type {Request} */ request, /** @type {Reply} */ reply) => {
    const url = new URL(request.url ?? "/", "http://sign-on");
    if (url.pathname === "/health") return send(reply, 200, "ok");
    if (url.pathname.startsWith("/auth/session/")) return tellSession(url, reply);
    if (url.pathname === "/auth/backchannel") return backchannel(request, reply);
    const host = String(request.headers.host ?? "").toLowerCase();
    const site = Object.hasOwn(sites, host) ? sites[host] : undefined;
    if (site === undefined) return send(reply, 421, "no such site");
    const origin = `https://${host}`;
    switch (url.pathname) {
      case "/auth/check":
        return check(request, reply, host, site);
      case "/auth/login": {
        const { url: there, pending } = await issuer.begin(site.client, `${origin}/auth/callback`);
        const sealed = await new EncryptJWT({ ...pending, to: safePath(url.searchParams.get("to")) })
          .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
          .setAudience(host)
          .setExpirationTime(`${LOGIN_SECONDS} seconds`)
          .encrypt(key);
        return redirect(reply, there, [`${LOGIN}=${sealed}; ${COOKIE}; Max-Age=${LOGIN_SECONDS}`]);
      }
      case "/auth/callback":
        return callback(request, reply, { host, site, url: new URL(`${origin}${request.url ?? ""}`) });
      case "/auth/logout":
        return logout(request, reply, host, site);
      default:
        return send(reply, 404, "not found");
    }
  };

  /** @param {Request} request @param {Reply} reply @param {string} host @param {Site} site */
  async function check(request, reply, host, site) {
    const session = sessions.find(cookieOf(request, SESSION), host);
    if (session === undefined || !(await stillHolds(session))) return send(reply, 401, "nobody is signed in");
    if (!mayEnter(session, site)) return send(reply, 403, "not in a group that may");
    reply.setHeader("Remote-User", session.name);
    reply.setHeader("Remote-Groups", session.groups.join(","));
    reply.setHeader("Remote-Session", session.handle);
    return send(reply, 200, "");
  }

  /** @param {Request} request @param {Reply} reply @param {{ host: string, site: Site, url: URL }} at */
  async function callback(request, reply, { host, site, url }) {
    const sealed = cookieOf(request, LOGIN);
    // The cookie binds the issuer's answer to the browser that asked: an answer that somebody else got is worth nothing.
    const pending = sealed === undefined ? undefined : await open(sealed, host);
    const gone = `${LOGIN}=; ${COOKIE}; Max-Age=0`;
    if (pending === undefined)
      return show(reply, 400, "This sign-on was not begun here, or took too long.", "Try again", "/auth/login", [gone]);
    let tokens;
    try {
      tokens = await issuer.finish(site.client, url, pending);
    } catch (error) {
      if (error instanceof IssuerAway) throw error;
      log({ event: "sign-on refused", host, reason: reasonOf(error) });
      return show(reply, 400, "The sign-on was refused.", "Try again", "/auth/login", [gone]);
    }
    const claims = tokens.claims();
    const name = String(claims?.["preferred_username"] ?? claims?.sub ?? "");
    if (claims === undefined || !/^[\w.@+-]{1,128}$/.test(name))
      return show(reply, 400, "The issuer names nobody that can be let in.", "Sign out", "/auth/logout", [gone]);
    const groups = groupsOf(claims);
    const sid = String(claims["sid"] ?? "");
    const tokensKept = { idToken: tokens.id_token ?? "", refreshToken: tokens.refresh_token };
    const cookie = sessions.open({ host, client: site.client, sub: claims.sub, sid, name, groups, ...tokensKept });
    log({ event: "signed on", host, who: name, groups });
    return redirect(reply, pending.to, [`${SESSION}=${cookie}; ${COOKIE}`, gone]);
  }

  /** @param {Request} request @param {Reply} reply @param {string} host @param {Site} site */
  async function logout(request, reply, host, site) {
    const session = sessions.find(cookieOf(request, SESSION), host);
    const gone = [`${SESSION}=; ${COOKIE}; Max-Age=0`];
    if (session === undefined) return show(reply, 200, "You are signed out.", "Sign in", "/auth/login", gone);
    // Everything that this sign-on opened ends, on every site.
    sessions.endWhere(session.sid === "" ? { sub: session.sub } : { sid: session.sid });
    sessions.end(session);
    log({ event: "signed out", host, who: session.name });
    const there = await issuer
      .endSession(site.client, session.idToken, `https://${host}/auth/logout`)
      .catch(() => undefined);
    if (there === undefined)
      return show(reply, 200, "You are signed out here; the issuer could not be told.", "Sign in", "/auth/login", gone);
    return redirect(reply, there, gone);
  }

  /** @param {Request} request @param {Reply} reply */
  async function backchannel(request, reply) {
    if (request.method !== "POST") return send(reply, 405, "POST only");
    let body = "";
    for await (const chunk of request) {
      body += String(chunk);
      if (body.length > LARGEST_BODY) return send(reply, 413, "too large");
    }
    const token = new URLSearchParams(body).get("logout_token") ?? "";
    try {
      const over = await issuer.readLogoutToken(token, [...new Set(Object.values(sites).map(({ client }) => client))]);
      sessions.endWhere(over);
      log({ event: "signed out by the issuer", ...over });
      return send(reply, 200, "");
    } catch (error) {
      log({ event: "logout token refused", reason: reasonOf(error) });
      return send(reply, 400, "no logout token of this issuer");
    }
  }

  /** @param {URL} url @param {Reply} reply */
  async function tellSession(url, reply) {
    const session = sessions.byHandle(url.pathname.slice("/auth/session/".length));
    const site = session === undefined ? undefined : sites[session.host];
    if (session === undefined || site === undefined || !(await stillHolds(session)) || !mayEnter(session, site))
      return send(reply, 404, "no such session");
    reply.setHeader("Content-Type", "application/json");
    return send(
      reply,
      200,
      JSON.stringify({ name: session.name, groups: session.groups, startedAt: session.startedAt }),
    );
  }

  /** Asks the issuer anew, at most every quarter of a minute. Who was removed is out; where it is away, who is in stays. @param {import("./sessions.mjs").Session} session */
  async function stillHolds(session) {
    if (session.refreshToken === undefined || now() - session.checkedAt < CHECK_EVERY) return true;
    session.checking ??= refresh(session, session.refreshToken).finally(() => (session.checking = undefined));
    return session.checking;
  }

  /** @param {import("./sessions.mjs").Session} session @param {string} refreshToken */
  async function refresh(session, refreshToken) {
    try {
      const tokens = await issuer.refresh(session.client, refreshToken);
      const claims = tokens.claims();
      session.refreshToken = tokens.refresh_token ?? refreshToken;
      if (claims !== undefined) session.groups = groupsOf(claims);
      if (tokens.id_token !== undefined) session.idToken = tokens.id_token;
    } catch (error) {
      if (!(error instanceof IssuerAway)) {
        sessions.end(session);
        log({ event: "ended by the issuer", who: session.name, reason: reasonOf(error) });
        return false;
      }
      log({ event: "issuer away", reason: reasonOf(error) });
    }
    session.checkedAt = now();
    return true;
  }

  /** @param {string} sealed @param {string} host */
  async function open(sealed, host) {
    try {
      const { payload } = await jwtDecrypt(sealed, key, { audience: host });
      return /** @type {{ state: string, nonce: string, verifier: string, to: string }} */ (
        /** @type {unknown} */ (payload)
      );
    } catch {
      return undefined;
    }
  }

  return createServer({ maxHeaderSize: 32 * 1024, requestTimeout: 15_000 }, (request, reply) => {
    handle(request, reply).catch((/** @type {unknown} */ error) => {
      const away = error instanceof IssuerAway;
      log({ event: away ? "issuer away" : "fault", reason: reasonOf(error) });
      if (reply.headersSent) return reply.destroy();
      show(
        reply,
        503,
        "Sign-on is not available just now. Who is signed in stays signed in.",
        "Try again",
        "/auth/login",
      );
    });
  });
}

/** @param {import("./sessions.mjs").Session} session @param {Site} site */
function mayEnter(session, site) {
  return session.groups.some((group) => site.groups.includes(group));
}

/** @param {Record<string, unknown>} claims */
function groupsOf(claims) {
  const groups = claims["groups"];
  return Array.isArray(groups) ? groups.filter((group) => /^[\w-]{1,64}$/.test(group)) : [];
}

/** A path of the same site and nothing else. @param {string | null} to */
export function safePath(to) {
  return to !== null && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(to) && !to.startsWith("/auth/") ? to : "/";
}

/** @param {Request} request @param {string} name */
function cookieOf(request, name) {
  const found = (request.headers.cookie ?? "").split(/; */).filter((pair) => pair.startsWith(`${name}=`));
  return found.length === 1 ? found[0]?.slice(name.length + 1) : undefined;
}

/** @param {Reply} reply @param {number} status @param {string} text */
function send(reply, status, text) {
  reply.statusCode = status;
  reply.setHeader("Cache-Control", "no-store");
  reply.end(text);
}

/** @param {Reply} reply @param {string} to @param {string[]} cookies */
function redirect(reply, to, cookies) {
  reply.setHeader("Set-Cookie", cookies);
  reply.setHeader("Location", to);
  send(reply, 302, "");
}

/** @param {Reply} reply @param {number} status @param {string} text @param {string} link @param {string} to @param {string[]} cookies */
function show(reply, status, text, link, to, cookies = []) {
  if (cookies.length > 0) reply.setHeader("Set-Cookie", cookies);
  reply.setHeader("Content-Type", "text/html; charset=utf-8");
  send(reply, status, page(text, link, to));
}
