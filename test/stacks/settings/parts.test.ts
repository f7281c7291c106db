import { expect, test } from "vitest";

import { readConfig } from "../../../stacks/config.ts";
import { asConfig, MINIMAL } from "../minimal.ts";

test.each<[object, string]>([
  [
    { mail: { enabled: true, relay: { host: "smtp.example.com", dkimSelectors: ["odoo"] } } },
    'mail.relay: must be absent where stage is not production: mail stays in the stack there; got {"host":"smtp.example.com","dkimSelectors":["odoo"]}',
  ],
  [{ stage: "production", mail: { enabled: true } }, "mail.relay: is needed where mail is enabled in production"],
  [{ mail: { from: "odoo" } }, 'mail.from: must be an e-mail address; got "odoo"'],
  [{ monitoring: { retentionDays: 0 } }, "monitoring.retentionDays: must be 1 or more; got 0"],
  [
    { monitoring: { alerts: { mailTo: ["nobody"] } } },
    'monitoring.alerts.mailTo.0: must be an e-mail address; got "nobody"',
  ],
  [{ shell: { enabled: true } }, "shell.enabled: must be false where identity is off: nobody could sign on; got true"],
  [{ identity: { enabled: true, issuer: "external" } }, "identity.url: is needed where issuer is external"],
  [
    { identity: { url: "http://login.example.com" } },
    'identity.url: must be an https URL; got "http://login.example.com"',
  ],
  [{ shell: { from: ["office"] } }, 'shell.from.0: must be a network as CIDR, such as 203.0.113.0/24; got "office"'],
  [{ shell: { idleMinutes: 0 } }, "shell.idleMinutes: must be 1 or more; got 0"],
])("what can be on or off, %j", (changes, fault) => {
  expect(() => readConfig("shop", "dev", asConfig({ ...MINIMAL, ...changes }))).toThrow(`has 1 fault:\n  - ${fault}\n`);
});
