import { expect, test } from "vitest";

import { readConfig } from "../../../stacks/config.ts";

const MINIMAL = {
  stage: "development",
  domain: "localhost",
  edge: { httpsPort: 8443, httpPort: 8080 },
  postgres: { memoryMiB: 768, cpus: 2, maxConnections: 100 },
  odoo: { workers: 2, memoryMiB: 2048, cpus: 2, modules: ["base"] },
};

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
])("mail and alerts, %j", (changes, fault) => {
  const settings = Object.entries({ ...MINIMAL, ...changes }).map(([key, value]) => [
    `shop:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  expect(() => readConfig("shop", "dev", Object.fromEntries(settings) as Record<string, string>)).toThrow(
    `has 1 fault:\n  - ${fault}\n`,
  );
});
