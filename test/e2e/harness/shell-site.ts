import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { extract } from "tar-fs";

import { renderShellSite, settleShellSite } from "../../../components/shell-site.ts";
import { ROOT } from "../../harness/plans.ts";
import { containerOf, docker } from "./docker.ts";

const HOST = "shell.localhost";

/** What the terminal got. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
  /** Ask for a WebSocket, and give what came until it was closed. */
  readonly upgrade?: boolean;
}

/** The site of the shell on the edge's own Caddy, with a relying party and a terminal that only tell what they got. */
export interface ShellSite {
  readonly origin: string;
  /** Requests that reached the terminal. */
  readonly seen: Seen[];
  readonly ask: (path: string, ask?: Ask) => Promise<Reply>;
  /** What Caddy logged. */
  readonly log: () => string;
  /** Who is logged in, by the cookie `session`; an empty name is a yes without one. */
  readonly sessions: Map<string, string>;
  readonly stopRelyingParty: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Brings the site up on free ports of this machine, with the binary of the edge that runs in dev. */
export async function openShellSite(change: (caddyfile: string) => string = (text) => text): Promise<ShellSite> {
  const folder = mkdtempSync(join(tmpdir(), "shell-site-"));
  const data = join(folder, "data");
  await copyCaddy(folder);
  const seen: Seen[] = [];
  const sessions = new Map<string, string>();
  const terminal = await listen(terminalServer(seen));
  const relyingParty = await listen(relyingPartyServer(sessions));
  const [https, http] = [await freePort(), await freePort()];
  const settings = settleShellSite({ terminal: addressOf(terminal), relyingParty: addressOf(relyingParty) });
  const own = readFileSync(join(ROOT, "docker/edge/Caddyfile"), "utf8")
    .replace(/^import .*$/m, "")
    .replace("admin 127.0.0.1:2019", "admin off\n\tdefault_bind 127.0.0.1");
  const config = join(folder, "Caddyfile");
  writeFileSync(config, own + change(renderShellSite(settings)));
  let log = "";
  const caddy = spawn(join(folder, "caddy"), ["run", "--config", config, "--adapter", "caddyfile"], {
    env: {
      ...{ XDG_DATA_HOME: data, XDG_CONFIG_HOME: data, HOME: data },
      ...{ EDGE_HTTPS_PORT: String(https), EDGE_HTTP_PORT: String(http), EDGE_TLS: "internal", EDGE_MAX_BODY: "256MB" },
    },
  });
  for (const stream of [caddy.stdout, caddy.stderr]) stream.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const root = join(data, "caddy/pki/authorities/local/root.crt");
  const ask = async (path: string, what: Ask = {}) =>
    send({ port: https, ca: readFileSync(root, "utf8"), path, ...what });
  await untilServed(
    caddy,
    () => ask("/nowhere"),
    () => log,
  );
  return {
    origin: `https://${HOST}:${https}`,
    seen,
    ask,
    log: () => log,
    sessions,
    stopRelyingParty: () => closed(relyingParty),
    close: async () => {
      caddy.kill();
      await new Promise((resolve) => (caddy.exitCode === null ? caddy.once("close", resolve) : resolve(undefined)));
      for (const server of [terminal, relyingParty]) if (server.listening) await closed(server);
      rmSync(folder, { recursive: true });
    },
  };
}

/** The very Caddy of the edge's image. It is linked statically, so it runs here as it does there. */
async function copyCaddy(folder: string): Promise<void> {
  const archive = await docker.getContainer(containerOf("edge")).getArchive({ path: "/usr/bin/caddy" });
  await new Promise((resolve, reject) => archive.pipe(extract(folder)).once("finish", resolve).once("error", reject));
}

function terminalServer(seen: Seen[]): Server {
  const server = createServer(({ method = "", url = "", headers }, response) => {
    seen.push({ method, url, headers });
    response.end("terminal");
  });
  return server.on("upgrade", ({ method = "", url = "", headers }, socket) => {
    seen.push({ method, url, headers });
    socket.on("error", () => undefined);
    // A server that waits for its connections to end waits for this one too.
    socket.resume().once("end", () => socket.end());
    socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nopen");
  });
}

function relyingPartyServer(sessions: ReadonlyMap<string, string>): Server {
  return createServer(({ url, headers }, response) => {
    if (url !== "/auth/check") return response.end(`relying party ${url ?? ""}`);
    const name = sessions.get(/session=(\w+)/.exec(headers.cookie ?? "")?.[1] ?? "");
    response.statusCode = name === undefined ? 401 : 200;
    if (name !== undefined && name !== "") response.setHeader("Remote-User", name);
    return response.end("checked");
  });
}

interface SendArgs extends Ask {
  readonly port: number;
  readonly ca: string;
  readonly path: string;
}

async function send({ port, ca, path, method = "GET", headers = {}, body, upgrade = false }: SendArgs): Promise<Reply> {
  const socket = upgrade
    ? {
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
      }
    : {};
  return new Promise((resolve, reject) => {
    const sent = request({
      ...{ host: "127.0.0.1", port, servername: HOST, ca, path, method, agent: false },
      headers: { Host: `${HOST}:${port}`, ...socket, ...headers },
    });
    let text = "";
    sent.once("upgrade", ({ statusCode = 0, headers: got }, stream, first) => {
      text += first.toString();
      stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
      // Without this the half that is ours stays open.
      stream.once("end", () => stream.end());
      stream.once("close", () => resolve({ status: statusCode, headers: got, text }));
    });
    sent.once("response", (response) => {
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.once("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

async function untilServed(caddy: ChildProcess, ask: () => Promise<Reply>, log: () => string): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    if (caddy.exitCode !== null) throw new Error(`Caddy ended: ${log()}`);
    const status = await ask().then(
      (reply) => reply.status,
      () => 0,
    );
    if (status !== 0) return;
    await sleep(200);
  }
  throw new Error(`Caddy does not answer: ${log()}`);
}

async function listen(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

function addressOf(server: Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function freePort(): Promise<number> {
  const server = await listen(createServer());
  const { port } = server.address() as AddressInfo;
  await closed(server);
  return port;
}
