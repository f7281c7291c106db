import { generateKeyPairSync } from "node:crypto";

import { describe, expect, it } from "vitest";

import { judgeMail, lookAtMail } from "../../engine/doctor-mail.ts";

const keyOf = (modulusLength: number) =>
  generateKeyPairSync("rsa", { modulusLength }).publicKey.export({ format: "der", type: "spki" }).toString("base64");
const KEY = keyOf(2048);

/** DNS as a domain should have it, each record in the pieces in which long ones come. */
const GOOD: { readonly [name: string]: readonly string[][] } = {
  "erp.example.com": [["site-verification=1"], ["v=spf1 include:", "smtp.example.com -all"]],
  "odoo._domainkey.erp.example.com": [["v=DKIM1; k=rsa; p=", KEY]],
  "_dmarc.erp.example.com": [["v=DMARC1; p=reject; rua=mailto:dmarc@example.com"]],
};

/** Errors are thrown as the resolver does. */
async function judged(changes: { readonly [name: string]: readonly string[][] | string } = {}) {
  const zone = { ...GOOD, ...changes };
  const asked: string[] = [];
  const resolver = {
    resolveTxt: (name: string) => {
      asked.push(name);
      const found = zone[name] ?? "ENOTFOUND";
      if (typeof found !== "string") return Promise.resolve(found as string[][]);
      return Promise.reject(Object.assign(new Error(`queryTxt ${found} ${name}`), { code: found }));
    },
  };
  const findings = judgeMail(await lookAtMail({ from: "odoo@erp.example.com", dkimSelectors: ["odoo"] }, resolver));
  return { findings, asked, bad: findings.filter(({ level }) => level !== "ok") };
}

describe("a domain whose mail is believed", () => {
  it("has a policy who sends, a key, and what to do with what is forged", async () => {
    const { findings, asked } = await judged();
    expect(findings).toEqual([
      { check: "mail-spf", level: "ok", finding: "erp.example.com: v=spf1 include:smtp.example.com -all" },
      { check: "mail-dkim odoo", level: "ok", finding: "odoo._domainkey.erp.example.com has a key of 2048 bits" },
      {
        check: "mail-dmarc",
        level: "ok",
        finding: `_dmarc.erp.example.com: ${GOOD["_dmarc.erp.example.com"]?.[0]?.[0]}`,
      },
    ]);
    expect(asked.sort()).toEqual(Object.keys(GOOD).sort());
  });

  it("may have its policy from the domain above, and not from a top-level domain", async () => {
    const above = { "_dmarc.erp.example.com": "ENODATA", "_dmarc.example.com": [["v=DMARC1;p=quarantine"]] };
    expect((await judged(above)).bad).toEqual([]);
    const { bad, asked } = await judged({
      "_dmarc.erp.example.com": "ENODATA",
      "_dmarc.com": [["v=DMARC1; p=reject"]],
    });
    expect(bad.map(({ finding }) => finding)).toEqual([
      "there is no _dmarc.erp.example.com: receivers let through what is forged",
    ]);
    expect(asked).not.toContain("_dmarc.com");
  });

  it("may have a key of another kind", async () => {
    const { bad } = await judged({ "odoo._domainkey.erp.example.com": [["k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg=="]] });
    expect(bad).toEqual([]);
  });
});

const DKIM = "odoo._domainkey.erp.example.com";

describe("a domain whose mail is not", () => {
  it.each<[string, { readonly [name: string]: readonly string[][] | string }, string, string]>([
    ["lacks SPF", { "erp.example.com": [["other"]] }, "mail-spf", "has no SPF record"],
    ["is unknown to DNS", { "erp.example.com": "ENOTFOUND" }, "mail-spf", "has no SPF record"],
    [
      "has two policies of SPF",
      { "erp.example.com": [["v=spf1 mx -all"], ["v=spf1 a -all"]] },
      "mail-spf",
      "has 2 SPF records, so receivers take none",
    ],
    ["lets everybody send", { "erp.example.com": [["v=spf1 mx +all"]] }, "mail-spf", "lets everybody send as it"],
    ["lets everybody send, in short", { "erp.example.com": [["v=spf1 all"]] }, "mail-spf", "lets everybody send as it"],
    ["lacks a key", { [DKIM]: "ENODATA" }, "mail-dkim odoo", "has no DKIM key"],
    ["revoked its key", { [DKIM]: [["v=DKIM1; p="]] }, "mail-dkim odoo", "is revoked"],
    ["has a weak key", { [DKIM]: [[`v=DKIM1; p=${keyOf(1024)}`]] }, "mail-dkim odoo", "has 1024 bits"],
    ["has half a key", { [DKIM]: [[`v=DKIM1; p=${KEY.slice(0, 200)}`]] }, "mail-dkim odoo", "can't be read"],
    ["has two keys", { [DKIM]: [[`p=${KEY}`], [`p=${KEY}`]] }, "mail-dkim odoo", "has 2 keys"],
    [
      "asks for nothing",
      { "_dmarc.erp.example.com": [["v=DMARC1; p=none"]] },
      "mail-dmarc",
      "asks receivers for nothing (p=none)",
    ],
    [
      "has two policies",
      { "_dmarc.erp.example.com": [["v=DMARC1; p=reject"], ["v=DMARC1"]] },
      "mail-dmarc",
      "has 2 policies",
    ],
    [
      "can't be asked for",
      { "erp.example.com": "ETIMEOUT" },
      "mail-spf",
      "DNS could not be asked for erp.example.com: queryTxt ETIMEOUT",
    ],
    [
      "can't be asked for its policy",
      { "_dmarc.erp.example.com": "ESERVFAIL" },
      "mail-dmarc",
      "DNS could not be asked",
    ],
  ])("%s", async (_, changes, check, text) => {
    const { bad } = await judged(changes);
    expect(bad).toEqual([
      expect.objectContaining({ check, level: "warn", finding: expect.stringContaining(text) as string }),
    ]);
  });
});
