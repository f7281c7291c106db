import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import type { TLSSocket } from "node:tls";

import { urlOf } from "../components/edge.ts";
import type { ProbeContext } from "./probe.ts";

/** Where Caddy keeps the certificate of its own authority. */
const INTERNAL_CA = "/data/caddy/pki/authorities/local/root.crt";

/** A host that the edge serves, and how this machine reaches it: names under localhost need no DNS. */
export interface Site {
  readonly host: string;
  readonly port: number;
  /** Port that redirects to HTTPS. */
  readonly httpPort: number;
  /** What users type. */
  readonly url: string;
  readonly address: string;
  /** Certificate of the authority to trust; public ones when undefined. */
  readonly ca: string | undefined;
}

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface AskArgs {
  /** @default "GET", or "POST" with a body */
  readonly method?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
  /** Keeps connections open between requests. */
  readonly agent?: Agent;
}

const TIMEOUT_MS = 30_000;

/** The site of a host of this stack. */
export async function siteOf({ settings, exec }: Pick<ProbeContext, "settings" | "exec">, host: string): Promise<Site> {
  const { edge } = settings;
  return {
    host,
    port: edge.httpsPort,
    httpPort: edge.httpPort,
    url: urlOf(edge, host),
    address: edge.bindAddress === "0.0.0.0" ? "127.0.0.1" : edge.bindAddress,
    ca: edge.tls === "internal" ? await internalCa({ exec }) : undefined,
  };
}

async function internalCa({ exec }: Pick<ProbeContext, "exec">): Promise<string> {
  const { exitCode, stdout, stderr } = await exec("edge", ["cat", INTERNAL_CA]);
  if (exitCode !== 0) throw new Error(`the edge has no authority of its own yet: ${stderr.trim()}`);
  return stdout;
}

/** Keeps connections to a site open, certificate and name checked at each. */
export function keepAlive(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 6 });
}

/** Sends a request over TLS; the certificate must be valid for the host now. The path goes out as it is. */
export function ask(site: Site, path: string, { method, headers = {}, body, agent }: AskArgs = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpsRequest(
      {
        host: site.address,
        port: site.port,
        servername: site.host,
        ...(site.ca === undefined ? {} : { ca: site.ca }),
        ...(agent === undefined ? {} : { agent }),
        path,
        method: method ?? (body === undefined ? "GET" : "POST"),
        headers: {
          host: new URL(site.url).host,
          ...headers,
          ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
        },
        timeout: TIMEOUT_MS,
      },
      (answer) => void collect(answer).then(resolve, reject),
    );
    sent.once("timeout", () => sent.destroy(new Error(`no answer after ${TIMEOUT_MS / 1000} s`)));
    sent.once("error", (error) => reject(new Error(`${site.url}${path}: ${error.message}`)));
    sent.end(body);
  });
}

/** Sends a request without TLS to the port that should only redirect. */
export function askPlain(site: Site, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { address, host, httpPort } = site;
    const headers = { host: httpPort === 80 ? host : `${host}:${httpPort}` };
    const sent = httpRequest({ host: address, port: httpPort, path, headers, timeout: TIMEOUT_MS }, (answer) => {
      void collect(answer).then(resolve, reject);
    });
    sent.once("timeout", () => sent.destroy(new Error(`no answer after ${TIMEOUT_MS / 1000} s`)));
    sent.once("error", (error) => reject(new Error(`http://${host}:${httpPort}${path}: ${error.message}`)));
    sent.end();
  });
}

/** The certificate that a site shows, without judging it. */
export function certificateOf(
  site: Site,
): Promise<{ protocol: string; validFrom: string; validTo: string; names: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpsRequest(
      {
        host: site.address,
        port: site.port,
        servername: site.host,
        method: "HEAD",
        rejectUnauthorized: false,
        agent: false,
        timeout: TIMEOUT_MS,
      },
      (answer) => answer.resume(),
    );
    sent.once("socket", (socket) =>
      socket.once("secureConnect", () => {
        const tls = socket as TLSSocket;
        const { valid_from, valid_to, subjectaltname = "" } = tls.getPeerCertificate();
        resolve({ protocol: tls.getProtocol() ?? "", validFrom: valid_from, validTo: valid_to, names: subjectaltname });
        sent.destroy();
      }),
    );
    sent.once("error", (error) => reject(new Error(`${site.url}: ${error.message}`)));
    sent.end();
  });
}

async function collect(
  answer: NodeJS.ReadableStream & { statusCode?: number | undefined; headers: IncomingHttpHeaders },
): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString("utf8") };
}
