import { describe, expect, test } from "vitest";

import { READING_TOOLS } from "../../components/mcp.ts";
import { readConfig, type StackConfig } from "../../stacks/config.ts";
import { asConfig, MINIMAL, type Settings } from "./minimal.ts";

/** The minimal configuration with some settings changed; a group's settings are changed one by one. */
function changed(changes: Settings): Settings {
  const group = (key: string): Settings => (MINIMAL as unknown as { [key: string]: Settings })[key] ?? {};
  return {
    ...MINIMAL,
    ...Object.fromEntries(
      Object.entries(changes).map(([key, value]) => [
        key,
        typeof value === "object" && value !== null ? { ...group(key), ...value } : value,
      ]),
    ),
  };
}

function read(settings: Settings, stack = "dev"): StackConfig {
  return readConfig("shop", stack, asConfig(settings));
}

/** Every fault of a configuration, without the lines around them. */
function faultsOf(config: Record<string, string>): string[] {
  try {
    readConfig("shop", "dev", config);
  } catch (error) {
    return (error as Error).message
      .split("\n")
      .slice(1, -1)
      .map((line) => line.replace("  - ", ""));
  }
  return [];
}

test("defaults", () => {
  expect(read(MINIMAL)).toEqual({
    stage: "development",
    domain: "localhost",
    protectData: true,
    backup: {
      enabled: false,
      vault: "local",
      regions: ["region-a", "region-b", "region-c"],
      lockDays: 35,
      keyGeneration: 1,
      schedule: { full: "0 1 * * 0", diff: "0 1 * * 1-6", incr: "30 2-23/4 * * *" },
      filesEverySeconds: 60,
      heartbeatSeconds: 5,
      retention: { daily: 7, weekly: 4, monthly: 3 },
    },
    sla: { window: "30d", availabilityPercent: 99.5, p95Milliseconds: 1000, rpoSeconds: 300, rtoSeconds: 900 },
    edge: { httpsPort: 8443, httpPort: 8080, bindAddress: "127.0.0.1", tls: "internal" },
    images: {
      source: "auto",
      debianBase: expect.stringMatching(/^debian:trixie-slim@sha256:[0-9a-f]{64}$/) as unknown,
      odooBase: expect.stringMatching(/^odoo:19\.0@sha256:[0-9a-f]{64}$/) as unknown,
    },
    identity: expect.objectContaining({ enabled: false, issuer: "keycloak", secondFactor: "admin" }) as unknown,
    ...{ mail: { enabled: false }, shell: { enabled: false, idleMinutes: 15, from: [] } },
    monitoring: { enabled: false, retentionDays: 15, alerts: { mailTo: [] }, expects: [] },
    postgres: { memoryMiB: 768, cpus: 2, maxConnections: 110 },
    odoo: {
      workers: 2,
      cronWorkers: 1,
      memoryMiB: 2048,
      cpus: 2,
      connectionsPerProcess: 8,
      database: "odoo",
      modules: ["base"],
      demoData: false,
      createDatabases: false,
      egress: false,
    },
    mcp: {
      enabled: false,
      tools: [...READING_TOOLS],
      groups: ["admin", "analyst"],
      ...{ rowLimit: 200, byteLimit: 262_144, timeoutSeconds: 15 },
    },
    policyExceptions: [],
  });
});

test("settings of Pulumi and its providers are left alone", () => {
  const others = {
    "docker:host": "ssh://host",
    "aws:region": "eu-central-1",
    "pulumi:disable-default-providers": '["*"]',
  };
  expect(faultsOf({ ...asConfig(MINIMAL), ...others })).toEqual([]);
});

const NAME = "must be a DNS name in lower case, such as localhost or erp.example.com";
const DATABASE = "must be a PostgreSQL name: lower case, digits, underscore";
const DIGEST = "must be an image by digest: name:tag@sha256:<64 hexadecimal digits>";

describe("one fault, one sentence", () => {
  test.each<[Settings, string]>([
    // Keys.
    [{ domian: "localhost" }, "domian: is not a setting; look for a typing error"],
    [{ odoo: { worker: 2 } }, "odoo.worker: is not a setting; look for a typing error"],
    [{ domain: undefined }, "domain: is missing (text)"],
    [{ edge: undefined }, "edge: is missing (a group of settings)"],
    [{ images: "debian" }, 'images: must be a group of settings; got "debian"'],
    [{ odoo: { modules: undefined } }, "odoo.modules: is missing (a list)"],
    // What the stack is.
    [{ stage: "prod" }, 'stage: must be one of development, staging, production; got "prod"'],
    [{ protectData: "yes" }, 'protectData: must be true or false; got "yes"'],
    [{ domain: "ERP.example.com" }, `domain: ${NAME}; got "ERP.example.com"`],
    [{ domain: "https://erp.example.com" }, `domain: ${NAME}; got "https://erp.example.com"`],
    [{ domain: "my shop" }, `domain: ${NAME}; got "my shop"`],
    [{ domain: "" }, `domain: ${NAME}; got ""`],
    [{ domain: "erp..com" }, `domain: ${NAME}; got "erp..com"`],
    [{ domain: "-erp.com" }, `domain: ${NAME}; got "-erp.com"`],
    [{ domain: "10.0.0.1" }, `domain: ${NAME}; got "10.0.0.1"`],
    [{ domain: `${"a".repeat(64)}.com` }, `domain: ${NAME}; got "${"a".repeat(64)}.com"`],
    [{ domain: 12 }, "domain: must be text; got 12"],
    // The way in.
    [{ edge: { httpsPort: 0 } }, "edge.httpsPort: must be 1 or more; got 0"],
    [{ edge: { httpPort: 65536 } }, "edge.httpPort: must be 65535 or less; got 65536"],
    [{ edge: { httpPort: 80.5 } }, "edge.httpPort: must be a whole number; got 80.5"],
    [{ edge: { httpsPort: "8443" } }, 'edge.httpsPort: must be a number; got "8443"'],
    [{ edge: { httpPort: 8443 } }, "edge.httpPort: must differ from httpsPort; got 8443"],
    [
      { edge: { bindAddress: "localhost" } },
      'edge.bindAddress: must be an IPv4 address of this machine, or 0.0.0.0 for all of them; got "localhost"',
    ],
    [{ edge: { tls: "off" } }, 'edge.tls: must be one of internal, acme; got "off"'],
    [{ edge: { acmeEmail: "ops" } }, 'edge.acmeEmail: must be an e-mail address; got "ops"'],
    [{ domain: "erp.example.com", edge: { tls: "acme" } }, "edge.acmeEmail: is needed where tls is acme"],
    ...["localhost", "staging.localhost", "erp", "erp.internal"].map((domain): [Settings, string] => [
      { domain, edge: { tls: "acme", acmeEmail: "ops@example.com" } },
      'edge.tls: must be internal for this domain: no public CA certifies it; got "acme"',
    ]),
    // Images.
    [{ images: { source: "hub" } }, 'images.source: must be one of auto, registry, debian; got "hub"'],
    [{ images: { debianBase: "debian:latest" } }, `images.debianBase: ${DIGEST}; got "debian:latest"`],
    [{ images: { odooBase: "odoo@sha256:12" } }, `images.odooBase: ${DIGEST}; got "odoo@sha256:12"`],
    // PostgreSQL.
    [{ postgres: { memoryMiB: 255 } }, "postgres.memoryMiB: must be 256 or more; got 255"],
    [{ postgres: { memoryMiB: 1_048_577 } }, "postgres.memoryMiB: must be 1048576 or less; got 1048577"],
    [{ postgres: { cpus: 0 } }, "postgres.cpus: must be 0.25 or more; got 0"],
    [{ postgres: { cpus: "2" } }, 'postgres.cpus: must be a number; got "2"'],
    [{ postgres: { maxConnections: 19 } }, "postgres.maxConnections: must be 20 or more; got 19"],
    [
      { postgres: { maxConnections: 104 } },
      "postgres.maxConnections: must be at least 105 for Odoo's processes and the other roles; got 104",
    ],
    // Odoo.
    [{ odoo: { workers: 0 } }, "odoo.workers: must be 1 or more; got 0"],
    [
      { odoo: { workers: 6, memoryMiB: 4096 }, postgres: { maxConnections: 200 } },
      "odoo.workers: must be at most 5 with 2 cpus (2 × cpus + 1); got 6",
    ],
    [{ odoo: { cronWorkers: 0 } }, "odoo.cronWorkers: must be 1 or more; got 0"],
    [{ odoo: { memoryMiB: 511 } }, "odoo.memoryMiB: must be 512 or more; got 511"],
    [{ odoo: { memoryMiB: 1299 } }, "odoo.memoryMiB: must be at least 1300 for 2 workers and 1 cron workers; got 1299"],
    [{ odoo: { connectionsPerProcess: 1 } }, "odoo.connectionsPerProcess: must be 2 or more; got 1"],
    [{ odoo: { database: "Odoo-1" } }, `odoo.database: ${DATABASE}; got "Odoo-1"`],
    [{ odoo: { database: "a".repeat(64) } }, `odoo.database: ${DATABASE}; got "${"a".repeat(64)}"`],
    [
      { odoo: { database: "superset" } },
      'odoo.database: must not be one of postgres, template0, template1, superset, keycloak, which are taken; got "superset"',
    ],
    [{ odoo: { modules: ["web"] } }, 'odoo.modules: must contain base; got ["web"]'],
    [
      { odoo: { modules: ["base", "Sale"] } },
      'odoo.modules.1: must be a technical module name such as sale_management; got "Sale"',
    ],
    [{ odoo: { demoData: "no" } }, 'odoo.demoData: must be true or false; got "no"'],
  ])("%j", (changes, sentence) => {
    expect(faultsOf(asConfig(changed(changes)))).toEqual([sentence]);
  });

  test.each(["shopp:domain", "domain"])("a key of no known namespace: %s", (key) => {
    expect(faultsOf({ ...asConfig(MINIMAL), [key]: "localhost" })).toEqual([
      `${key}: is no setting of this project, nor a provider's; its settings begin with shop:`,
    ]);
  });
});

describe("what just holds", () => {
  test.each<[string, Settings]>([
    [
      "as many workers as the cpus are good for",
      { odoo: { workers: 5, memoryMiB: 2274 }, postgres: { maxConnections: 129 } },
    ],
    ["the least memory", { odoo: { memoryMiB: 1300 } }],
    ["the fewest connections", { postgres: { maxConnections: 105 } }],
    ["ACME for a public domain", { domain: "erp.example.com", edge: { tls: "acme", acmeEmail: "ops@example.com" } }],
    [
      "a domain that only ends in the letters of localhost",
      { domain: "my-localhost.com", edge: { tls: "acme", acmeEmail: "o@e.com" } },
    ],
    ["the highest port", { edge: { httpsPort: 65535 } }],
  ])("%s", (_title, changes) => {
    expect(faultsOf(asConfig(changed(changes)))).toEqual([]);
  });
});

describe("all faults in one error", () => {
  const wrong = {
    stage: "prod",
    domian: "localhost",
    edge: { httpsPort: 8443, httpPort: 8443 },
    postgres: { memoryMiB: 768, cpus: 2, maxConnections: 20 },
    odoo: { workers: 6, memoryMiB: 1024, cpus: 2, modules: ["base"] },
  };

  // Neither an unknown key nor a wrong type keeps the figures that don't fit together from being listed.
  test("with the file to mend", () => {
    expect(() => read(wrong, "staging")).toThrow(
      [
        "The configuration of stack staging has 7 faults:",
        '  - stage: must be one of development, staging, production; got "prod"',
        "  - domain: is missing (text)",
        "  - domian: is not a setting; look for a typing error",
        "  - edge.httpPort: must differ from httpsPort; got 8443",
        "  - odoo.workers: must be at most 5 with 2 cpus (2 × cpus + 1); got 6",
        "  - odoo.memoryMiB: must be at least 2599 for 6 workers and 1 cron workers; got 1024",
        "  - postgres.maxConnections: must be at least 137 for Odoo's processes and the other roles; got 20",
        "Mend Pulumi.staging.yaml (keys are documented in stacks/config.ts and stacks/settings/), then run the command again.",
      ].join("\n"),
    );
  });

  test("which Pulumi prints without a stack trace", () => {
    expect(() => read({ ...MINIMAL, stage: "prod" })).toThrow(expect.objectContaining({ __pulumiRunError: true }));
  });
});
