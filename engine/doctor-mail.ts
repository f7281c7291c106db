import { createPublicKey } from "node:crypto";
import { Resolver } from "node:dns/promises";

import type { MailSettings } from "../components/mail.ts";
import type { Finding } from "./doctor.ts";
import { messageOf } from "./fault.ts";

/** What DNS has under a name: its TXT records, or why it could not be asked. */
export type Records = { readonly name: string } & (
  { readonly records: readonly string[] } | { readonly fault: string }
);

/** What decides whether receivers believe the mail of a domain. */
export interface MailFacts {
  readonly domain: string;
  /** Of the domain itself (RFC 7208). */
  readonly spf: Records;
  /** Of each selector (RFC 6376). */
  readonly dkim: readonly (Records & { readonly selector: string })[];
  /** Of the domain, else of the nearest one above it that has any. */
  readonly dmarc: Records;
}

/** Bits of an RSA key that receivers don't call weak (RFC 8301). */
const LEAST_BITS = 2048;
/** Codes of a resolver for a name that has no such record. */
const NONE = ["ENODATA", "ENOTFOUND"];

/** Asks DNS what receivers will ask. @param resolver @default this machine's, for three seconds */
export async function lookAtMail(
  { from, dkimSelectors }: Pick<MailSettings, "from" | "dkimSelectors">,
  resolver: Pick<Resolver, "resolveTxt"> = new Resolver({ timeout: 3000, tries: 1 }),
): Promise<MailFacts> {
  const domain = from.slice(from.lastIndexOf("@") + 1);
  const ask = async (name: string): Promise<Records> => {
    try {
      return { name, records: (await resolver.resolveTxt(name)).map((parts) => parts.join("")) };
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      return NONE.includes(code) ? { name, records: [] } : { name, fault: messageOf(error) };
    }
  };
  const [spf, dmarc, ...dkim] = await Promise.all([
    ask(domain),
    nearest(domain, ask),
    ...dkimSelectors.map(async (selector) => ({ selector, ...(await ask(`${selector}._domainkey.${domain}`)) })),
  ]);
  return { domain, spf, dmarc, dkim };
}

/** A top-level domain says nothing for those below it that anybody here could mend. */
async function nearest(domain: string, ask: (name: string) => Promise<Records>): Promise<Records> {
  const own = await ask(`_dmarc.${domain}`);
  const above = domain.slice(domain.indexOf(".") + 1);
  if ("fault" in own || hasPolicy(own) || !above.includes(".")) return own;
  const found = await nearest(above, ask);
  return "fault" in found || hasPolicy(found) ? found : own;
}

/** Will receivers believe mail of this domain? Nothing here keeps a stack from running. */
export function judgeMail({ spf, dkim, dmarc }: MailFacts): Finding[] {
  return [
    finding("mail-spf", spf, judgeSpf),
    ...dkim.map((one) => finding(`mail-dkim ${one.selector}`, one, judgeDkim)),
    finding("mail-dmarc", dmarc, judgeDmarc),
  ];
}

type Judged = Pick<Finding, "level" | "finding" | "mend">;

function finding(check: string, asked: Records, judge: (name: string, records: readonly string[]) => Judged): Finding {
  if (!("fault" in asked)) return { check, ...judge(asked.name, asked.records) };
  return { check, level: "warn", finding: `DNS could not be asked for ${asked.name}: ${asked.fault}` };
}

function judgeSpf(name: string, records: readonly string[]): Judged {
  const [policy, ...others] = records.filter((text) => /^v=spf1( |$)/i.test(text));
  if (policy === undefined)
    return bad(`${name} has no SPF record: whoever likes sends as it`, `${name}. TXT "v=spf1 include:RELAY -all"`);
  if (others.length > 0)
    return bad(`${name} has ${others.length + 1} SPF records, so receivers take none`, `leave one: ${policy}`);
  if (/(^| )\+?all( |$)/i.test(policy))
    return bad(`SPF of ${name} lets everybody send as it: ${policy}`, "end it with -all, or ~all while you try");
  return { level: "ok", finding: `${name}: ${policy}` };
}

function judgeDkim(name: string, records: readonly string[]): Judged {
  const keys = records.map(tags).filter((found) => found["p"] !== undefined);
  const [key, ...others] = keys;
  if (key === undefined) return bad(`${name} has no DKIM key`, "publish the one that the relay signs with");
  if (others.length > 0) return bad(`${name} has ${keys.length} keys, and receivers choose one`, "leave one");
  const encoded = (key["p"] ?? "").replace(/\s/g, "");
  if (encoded === "")
    return bad(`the DKIM key of ${name} is revoked`, "name another selector in mail.relay.dkimSelectors");
  if ((key["k"] ?? "rsa").toLowerCase() !== "rsa")
    return { level: "ok", finding: `${name} has a key (${key["k"] ?? ""})` };
  let bits: number;
  try {
    const { asymmetricKeyDetails } = createPublicKey({
      key: Buffer.from(encoded, "base64"),
      format: "der",
      type: "spki",
    });
    bits = asymmetricKeyDetails?.modulusLength ?? 0;
  } catch {
    return bad(`the DKIM key of ${name} can't be read: it was cut off, or is none`, "publish it whole");
  }
  if (bits < LEAST_BITS)
    return bad(
      `the DKIM key of ${name} has ${bits} bits`,
      `let the relay make one of ${LEAST_BITS} under another selector`,
    );
  return { level: "ok", finding: `${name} has a key of ${bits} bits` };
}

function judgeDmarc(name: string, records: readonly string[]): Judged {
  const [policy, ...others] = records.filter(isDmarc);
  if (policy === undefined)
    return bad(`there is no ${name}: receivers let through what is forged`, `${name}. TXT "v=DMARC1; p=quarantine"`);
  if (others.length > 0) return bad(`${name} has ${others.length + 1} policies, so receivers take none`, "leave one");
  const asked = tags(policy)["p"]?.toLowerCase() ?? "none";
  if (asked === "quarantine" || asked === "reject") return { level: "ok", finding: `${name}: ${policy}` };
  return bad(
    `${name} asks receivers for nothing (p=${asked})`,
    "p=quarantine, once reports show that all own mail passes",
  );
}

function bad(finding: string, mend: string): Judged {
  return { level: "warn", finding, mend };
}

const isDmarc = (text: string): boolean => /^v=DMARC1\s*(;|$)/i.test(text);

const hasPolicy = (asked: Records): boolean => "records" in asked && asked.records.some(isDmarc);

/** `name=value` pairs, as DKIM and DMARC write them. */
function tags(text: string): { readonly [name: string]: string | undefined } {
  return Object.fromEntries(
    text.split(";").flatMap((part) => {
      const at = part.indexOf("=");
      return at === -1 ? [] : [[part.slice(0, at).trim(), part.slice(at + 1).trim()]];
    }),
  );
}
