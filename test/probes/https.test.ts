import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ask, askPlain, type Site, siteOf } from "../../probes/https.ts";
import { contextWith, printed } from "./fixtures.ts";

let server: Server;
let port: number;

// Certificates are judged by Node's own TLS and on the running system; here is what goes out, and what comes back.
beforeAll(async () => {
  server = createServer((request, response) => {
    response.writeHead(request.url === "/moved" ? 308 : 200, { location: "https://odoo.localhost:8443/moved" });
    response.end(`${request.method ?? ""} ${request.url ?? ""} ${request.headers.host ?? ""}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(() => server.close());

const site = (changes: Partial<Site> = {}): Site => ({
  host: "odoo.localhost",
  port: 8443,
  httpPort: port,
  url: "https://odoo.localhost:8443",
  address: "127.0.0.1",
  ca: undefined,
  ...changes,
});

describe("a site", () => {
  it("of dev is trusted by the edge's own authority, and reached without DNS", async () => {
    const commands: unknown[] = [];
    const context = await contextWith({
      exec: (service, command) => {
        commands.push([service, ...command]);
        return Promise.resolve(printed("-----BEGIN CERTIFICATE-----"));
      },
    });
    expect(await siteOf(context, "odoo.localhost")).toEqual({
      host: "odoo.localhost",
      port: 8443,
      httpPort: 8080,
      url: "https://odoo.localhost:8443",
      address: "127.0.0.1",
      ca: "-----BEGIN CERTIFICATE-----",
    });
    expect(commands).toEqual([["edge", "cat", "/data/caddy/pki/authorities/local/root.crt"]]);
  });

  it("with public certificates is trusted as browsers do, and reached on this machine where all addresses are served", async () => {
    const { settings } = await contextWith();
    const edge = { ...settings.edge, tls: "acme", bindAddress: "0.0.0.0", httpsPort: 443, httpPort: 80 } as const;
    const context = await contextWith({ settings: { ...settings, edge } });
    expect(await siteOf(context, "odoo.example.com")).toMatchObject({
      url: "https://odoo.example.com",
      address: "127.0.0.1",
      ca: undefined,
    });
  });

  it("whose authority isn't there yet says so", async () => {
    const context = await contextWith({
      exec: () => Promise.resolve(printed("", { exitCode: 1, stderr: "No such file" })),
    });
    await expect(siteOf(context, "odoo.localhost")).rejects.toThrow(
      "the edge has no authority of its own yet: No such file",
    );
  });
});

describe("a request without TLS", () => {
  it("names the host as a browser would, and does not follow", async () => {
    expect(await askPlain(site(), "/moved")).toMatchObject({
      status: 308,
      headers: { location: "https://odoo.localhost:8443/moved" },
      body: `GET /moved odoo.localhost:${port}`,
    });
  });

  it("sends a path as it is", async () => {
    expect((await askPlain(site(), "//web/%64atabase/../x")).body).toContain("GET //web/%64atabase/../x ");
  });

  it("to a port where nobody listens fails with the address", async () => {
    await expect(askPlain(site({ httpPort: 1 }), "/")).rejects.toThrow(
      "http://odoo.localhost:1/: connect ECONNREFUSED",
    );
  });
});

describe("a request over TLS", () => {
  it("to something that speaks no TLS fails with the address", async () => {
    await expect(ask(site({ port }), "/web/health")).rejects.toThrow(/^https:\/\/odoo\.localhost:8443\/web\/health: /);
  });
});
