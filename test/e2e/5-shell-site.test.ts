import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { openShellSite, type ShellSite } from "./harness/shell-site.ts";

/**
 * Attacks on the way to the web shell, against the edge's own Caddy. The terminal and the relying party are stand-ins
 * that only tell what reaches them: what is proved is what Caddy lets through, not what a terminal does.
 */
let site: ShellSite;
const ALICE = { Cookie: "session=alice; other=1" };

beforeAll(async () => {
  site = await openShellSite();
});
afterAll(() => site.close());
beforeEach(() => {
  site.sessions.clear();
  site.sessions.set("alice", "alice");
  site.sessions.set("nameless", "");
  site.seen.length = 0;
});

const socket = (headers: { [name: string]: string }) => site.ask("/ws", { upgrade: true, headers });

describe("spoofing", () => {
  it("drops every identity header that a client sends, in any spelling", async () => {
    const spellings = ["Remote-User", "REMOTE-USER", "remote_user", "Remote.User", "X-Remote.User", "X-Remote-Groups"];
    const others = [
      "X-Forwarded-User",
      "X_Forwarded_User",
      "X.Forwarded.Email",
      "X-Auth-Request-Email",
      "OIDC_CLAIM_sub",
    ];
    const more = [
      "X-WebAuth-User",
      "X-User",
      "X-Groups",
      "X-Authenticated-User",
      "Forwarded",
      "X-Real-Ip",
      "OIDC-CLAIM-sub",
    ];
    const sent = [...spellings, ...others, ...more];
    for (const name of sent) {
      site.seen.length = 0;
      const { status } = await site.ask("/", { headers: { ...ALICE, [name]: "mallory" } });
      expect([name, status]).toEqual([name, 200]);
      expect(site.seen[0]?.headers["remote-user"]).toBe("alice");
      expect([name, JSON.stringify(site.seen)]).not.toEqual([name, expect.stringContaining("mallory")]);
    }
  });

  it("lets nobody in whom the relying party does not name", async () => {
    for (const Cookie of ["", "session=mallory", "session=nameless", "session="]) {
      expect([Cookie, (await site.ask("/token", { headers: { Cookie } })).status]).toEqual([Cookie, 401]);
      expect((await site.ask("/token", { headers: { Cookie, "Remote-User": "alice" } })).status).toBe(401);
      expect((await socket({ Cookie, Origin: site.origin })).status).toBe(401);
    }
    expect(site.seen).toEqual([]);
  });

  it("asks at each request anew: who was logged out is out", async () => {
    expect((await site.ask("/token", { headers: ALICE })).status).toBe(200);
    site.sessions.delete("alice");
    expect((await site.ask("/token", { headers: ALICE })).status).toBe(401);
  });

  it("sends a person to the login, and no program", async () => {
    const page = await site.ask("/", { headers: { Accept: "text/html,*/*" } });
    expect([page.status, page.headers.location]).toEqual([302, "/auth/login"]);
    expect((await site.ask("/", { headers: { Accept: "application/json" } })).status).toBe(401);
    expect((await site.ask("/auth/login")).text).toBe("relying party /auth/login");
  });
});

describe("tampering", () => {
  it("refuses a socket that another site opens, or that does not say where it is from", async () => {
    const port = site.origin.split(":").at(-1);
    for (const Origin of [
      "https://evil.example",
      `http://shell.localhost:${port}`,
      "https://shell.localhost",
      "null",
      "",
    ]) {
      expect([Origin, (await socket({ ...ALICE, Origin })).status]).toEqual([Origin, 403]);
    }
    expect((await socket(ALICE)).status).toBe(403);
    expect((await socket({ ...ALICE, Origin: `${site.origin}.evil.example` })).status).toBe(403);
    expect(site.seen).toEqual([]);
  });

  it("refuses every method but GET", async () => {
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
      expect([method, (await site.ask("/token", { method, headers: ALICE })).status]).toEqual([method, 405]);
    expect(site.seen).toEqual([]);
  });

  it("can't be put into another site's frame, nor load from elsewhere", async () => {
    const { headers } = await site.ask("/", { headers: ALICE });
    expect(headers["x-frame-options"]).toBe("DENY");
    expect(headers["content-security-policy"]).toMatch(/default-src 'self'.*frame-ancestors 'none'/);
  });
});

describe("repudiation", () => {
  it("writes who opened a shell into the access log, and no cookie", async () => {
    await site.ask("/token", { headers: { Cookie: "session=alice; other=S3cret" } });
    const lines = site
      .log()
      .split("\n")
      .filter((line) => line.includes('"uri":"/token"'));
    expect(lines.at(-1)).toContain('"shell_user":"alice"');
    expect(site.log()).not.toContain("S3cret");
  });
});

describe("information disclosure", () => {
  it("gives the terminal no cookie and no token", async () => {
    await site.ask("/", { headers: { ...ALICE, Authorization: "Bearer S3cret" } });
    expect(site.seen).toHaveLength(1);
    expect(site.seen[0]?.headers).not.toHaveProperty("cookie");
    expect(JSON.stringify(site.seen)).not.toContain("S3cret");
  });

  it("serves nothing but the terminal's own paths", async () => {
    const paths = [
      "/auth/check",
      "/auth",
      "/WS",
      "/ws/",
      "/token/x",
      "/x",
      "/auth/login/x",
      "/.env",
      "//ws",
      "/./ws",
      "/%2e/ws",
    ];
    for (const path of paths) expect([path, (await site.ask(path, { headers: ALICE })).status]).toEqual([path, 404]);
    expect(site.seen).toEqual([]);
  });

  it("is kept in no cache", async () => {
    expect((await site.ask("/", { headers: ALICE })).headers["cache-control"]).toBe("no-store");
  });
});

describe("denial of service", () => {
  it("takes no large body", async () => {
    const body = "x".repeat(70 * 1024);
    const { status } = await site.ask("/", { headers: { ...ALICE, "Content-Length": String(body.length) }, body });
    expect(status).toBe(413);
  });

  it("opens a socket for who may, and ends it after its time", async () => {
    const short = await openShellSite((text) => {
      expect(text).toContain("stream_timeout 60m");
      return text.replace("stream_timeout 60m", "stream_timeout 2s");
    });
    try {
      short.sessions.set("alice", "alice");
      const started = performance.now();
      const reply = await short.ask("/ws", { upgrade: true, headers: { ...ALICE, Origin: short.origin } });
      expect([reply.status, reply.text]).toEqual([101, "open"]);
      expect(performance.now() - started).toBeGreaterThan(1_500);
      expect(short.seen[0]?.headers["remote-user"]).toBe("alice");
    } finally {
      await short.close();
    }
  });

  it("stays shut when the relying party is gone", async () => {
    await site.stopRelyingParty();
    expect((await site.ask("/token", { headers: ALICE })).status).toBe(502);
    expect((await socket({ ...ALICE, Origin: site.origin })).status).toBe(502);
    expect(site.seen).toEqual([]);
  });
});
