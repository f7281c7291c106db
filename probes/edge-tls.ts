import { connect } from "node:tls";

import { ask, askPlain, certificateOf, type Site, siteOf } from "./https.ts";
import { messageOf } from "../engine/fault.ts";
import { fromFaults, type Json, type Probe } from "./probe.ts";

/** A name that the edge does not serve. */
const STRANGER = "stranger.invalid";
const PATH = "/web/health";

/**
 * Speaks to every host name of the edge as a browser would, with the certificate checked for name, dates and authority,
 * and in plain text, where only a redirect to the same address over TLS may come.
 *
 * On this machine: it does not prove that the names resolve to it elsewhere, nor that a browser trusts the authority.
 */
export const edgeTls: Probe = {
  task: "1.11",
  ttlDays: 7,
  needs: "machine",
  mends: ["edge"],
  measure: async (context) => {
    const hosts = Object.values(context.settings.edge.hosts);
    const found = await Promise.all(hosts.map(async (host) => examine(await siteOf(context, host))));
    return fromFaults(
      found.flatMap(({ faults }) => faults),
      {
        measured: Object.fromEntries(found.map(({ host, measured }) => [host, measured])),
        limit: {
          certificate: "valid now for the name",
          protocol: "TLSv1.2 or newer",
          http: "redirects only",
          otherNames: "no certificate",
        },
        held: `${hosts.join(", ")} answer over TLS, and plain HTTP only redirects`,
      },
    );
  },
};

interface Examined {
  readonly host: string;
  readonly measured: Json;
  readonly faults: readonly string[];
}

async function examine(site: Site): Promise<Examined> {
  const [secure, plain, certificate, stranger, old] = await Promise.all([
    outcome(ask(site, PATH).then(({ status }) => String(status))),
    outcome(
      askPlain(site, PATH).then(({ status, headers, body }) =>
        `${status} ${headers.location ?? ""} ${body.trim() === "" ? "" : "with a body"}`.trim(),
      ),
    ),
    certificateOf(site),
    outcome(handshake(site, { servername: STRANGER })),
    outcome(
      handshake(site, {
        servername: site.host,
        maxVersion: "TLSv1.1",
        minVersion: "TLSv1",
        ciphers: "DEFAULT@SECLEVEL=0",
      }),
    ),
  ]);
  const answers = { https: secure, http: plain, otherNames: stranger, oldTls: old };
  return { host: site.host, measured: { ...certificate, ...answers }, faults: findTlsFaults(site, answers) };
}

/** What a site answered: a status, a protocol, or `refused: …`. */
export interface TlsAnswers {
  readonly https: string;
  /** Status, and where to; and whether something else came with it. */
  readonly http: string;
  /** To a name that isn't served. */
  readonly otherNames: string;
  /** To TLS 1.1 at most. */
  readonly oldTls: string;
}

export function findTlsFaults(
  { host, httpPort, url }: Pick<Site, "host" | "httpPort" | "url">,
  answers: TlsAnswers,
): string[] {
  const { https, http, otherNames, oldTls } = answers;
  const redirects = ["301", "307", "308"].map((status) => `${status} ${url}${PATH}`);
  return [
    ...(/^\d{3}$/.test(https) ? [] : [`${host}: ${https}`]),
    ...(redirects.includes(http) ? [] : [`http://${host}:${httpPort} answers ${http}, not a redirect to ${url}`]),
    ...(otherNames.startsWith("refused") ? [] : [`a certificate is shown for ${STRANGER} too`]),
    ...(oldTls.startsWith("refused") ? [] : [`${host} still speaks ${oldTls}`]),
  ];
}

async function outcome(answer: Promise<string>): Promise<string> {
  try {
    return await answer;
  } catch (error) {
    return `refused: ${messageOf(error)}`;
  }
}

/** A handshake only; resolves with the protocol when the server goes along. */
function handshake(
  { address, port }: Site,
  options: { servername: string; maxVersion?: "TLSv1.1"; minVersion?: "TLSv1"; ciphers?: string },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, rejectUnauthorized: false, ...options }, () => {
      resolve(socket.getProtocol() ?? "TLS");
      socket.destroy();
    });
    socket.setTimeout(5000, () => socket.destroy(new Error("no answer after 5 s")));
    socket.once("error", reject);
  });
}
