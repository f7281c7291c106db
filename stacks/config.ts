import { z } from "zod";

import { fitsConnections } from "../components/connections.ts";
import { leastOdooMemoryMiB, mostWorkers } from "../components/odoo-sizing.ts";
import { refusal } from "../components/refusal.ts";
import { PHASES } from "../plan/phase.ts";
import { sentences } from "./config-fault.ts";

/** What a stack is for; decides nothing by itself, is shown to users and checked by gates. */
export const STAGES = ["development", "staging", "production"] as const;

/** Namespaces of settings that aren't ours: Pulumi's own and its providers'. */
const FOREIGN = ["aws", "docker", "pulumi", "random"];

/** Databases that are there already, or belong to another service. */
const TAKEN_DATABASES = ["postgres", "template0", "template1", "superset"];

const hostLabel = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/** Labels of letters, digits and hyphens; a last one of digits alone would make it an address. */
function isDomain(text: string): boolean {
  const labels = text.split(".");
  return text.length <= 253 && labels.every((label) => hostLabel.test(label)) && !/^\d+$/.test(labels.at(-1) ?? "");
}

/** Can a public CA certify names below this domain? */
function isPublic(domain: string): boolean {
  return domain.includes(".") && !/\.(localhost|local|internal|test|invalid)$/.test(domain);
}

const domain = z.string().refine(isDomain, "must be a DNS name in lower case, such as localhost or erp.example.com");
const port = z.int().min(1).max(65535);
const mebibytes = (least: number) => z.int().min(least).max(1_048_576);
const moduleName = z.string().regex(/^[a-z][a-z0-9_]*$/, "must be a technical module name such as sale_management");
const imageByDigest = z
  .string()
  .regex(/^[^\s@]+@sha256:[0-9a-f]{64}$/, "must be an image by digest: name:tag@sha256:<64 hexadecimal digits>");

const edge = z.strictObject({
  /** Port on the host for HTTPS; Caddy listens on the same one inside. */
  httpsPort: port,
  /** Port on the host that redirects to HTTPS. */
  httpPort: port,
  /** Address of the host to publish on. @default "127.0.0.1" */
  bindAddress: z.ipv4("must be an IPv4 address of this machine, or 0.0.0.0 for all of them").default("127.0.0.1"),
  /** `internal`: certificates of Caddy's own CA; `acme`: public ones, which need `acmeEmail`. @default "internal" */
  tls: z.enum(["internal", "acme"]).default("internal"),
  acmeEmail: z.email("must be an e-mail address").optional(),
});

const images = z.strictObject({
  /**
   * `registry`: bases are pulled by digest. `debian`: they are built from Debian's packages alone. `auto`: what was
   * found on this machine by `platform up` or `platform images`, else `registry`.
   *
   * @default "auto"
   */
  source: z.enum(["auto", "registry", "debian"]).default("auto"),
  /** Base of all images but Odoo's, by digest. */
  debianBase: imageByDigest.default(
    "debian:trixie-slim@sha256:d7e12182ce18b85b93007c1dedf31f2d29e01ccf3182cc4017c709b6259bc132",
  ),
  /** Base of Odoo's image, by digest. */
  odooBase: imageByDigest.default("odoo:19.0@sha256:4f2c0806459de9df877f206d8f1886b673c1c452354d75d17366ffcad2208f68"),
});

const postgres = z.strictObject({
  memoryMiB: mebibytes(256),
  cpus: z.number().min(0.25).max(128),
  maxConnections: z.int().min(20).max(5000),
});

const odoo = z.strictObject({
  /** Processes that answer web requests. */
  workers: z.int().min(1).max(256),
  /** Processes that run scheduled actions. @default 1 */
  cronWorkers: z.int().min(1).max(16).default(1),
  memoryMiB: mebibytes(512),
  cpus: z.number().min(0.25).max(128),
  /** Connections that one process may hold. @default 8 */
  connectionsPerProcess: z.int().min(2).max(64).default(8),
  /** @default "odoo" */
  database: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,62}$/, "must be a PostgreSQL name: lower case, digits, underscore")
    .refine(
      (name) => !TAKEN_DATABASES.includes(name),
      `must not be one of ${TAKEN_DATABASES.join(", ")}, which are taken`,
    )
    .default("odoo"),
  /** Modules that must be installed, `base` among them. */
  modules: z
    .array(moduleName)
    .min(1)
    .refine((modules) => modules.includes("base"), "must contain base"),
  /** Load demo data when the database is made. @default false */
  demoData: z.boolean().default(false),
  /** May Odoo's role create databases? Only where tests make their own. @default false */
  createDatabases: z.boolean().default(false),
});

const policyException = z.strictObject({
  /** Id of the rule, as in docs/POLICIES.md. */
  rule: z.string().regex(/^[a-z][a-z0-9-]*$/, "must be the id of a rule, as in docs/POLICIES.md"),
  /** Name of the resource, as findings show it. */
  resource: z.string().min(1),
  /** Why it is right here, for whoever reads it later. */
  reason: z.string().refine((text) => text.trim().length >= 10, "must be a sentence that says why"),
  /** Last day on which it counts. */
  until: z.iso.date("must be a day, YYYY-MM-DD"),
});

const settings = z.strictObject({
  stage: z.enum(STAGES),
  domain,
  /** Refuse to delete volumes with data (`protect` and `retainOnDelete`). @default true */
  protectData: z.boolean().default(true),
  edge,
  images: images.prefault({}),
  postgres,
  odoo,
  /**
   * The phase that must be GO, with all before it, for the stack to be deployed.
   *
   * @default - none
   */
  requirePhase: z
    .int()
    .min(0)
    .max(PHASES.length - 1)
    .optional(),
  /** Findings of the policies that somebody answers for, each until a day. @default none */
  policyExceptions: z.array(policyException).default([]),
});

/** Looks at settings together once these are right in themselves, whatever else is wrong. */
function once<K extends "domain" | "edge" | "odoo" | "postgres">(
  ...keys: readonly K[]
): { when: (payload: { value: unknown }) => boolean } {
  const parts = z.object(Object.fromEntries(keys.map((key) => [key, settings.shape[key]])));
  return { when: ({ value }) => parts.safeParse(value).success };
}

const schema = settings
  .refine(({ edge }) => edge.httpPort !== edge.httpsPort, {
    path: ["edge", "httpPort"],
    error: "must differ from httpsPort",
    ...once("edge"),
  })
  .refine(({ edge }) => edge.tls !== "acme" || edge.acmeEmail !== undefined, {
    path: ["edge", "acmeEmail"],
    error: "is needed where tls is acme",
    ...once("edge"),
  })
  .refine(({ edge, domain }) => edge.tls !== "acme" || isPublic(domain), {
    path: ["edge", "tls"],
    error: "must be internal for this domain: no public CA certifies it",
    ...once("edge", "domain"),
  })
  .refine(({ odoo }) => odoo.workers <= mostWorkers(odoo.cpus), {
    path: ["odoo", "workers"],
    error: ({ input }) => {
      const { cpus } = (input as StackConfig).odoo;
      return `must be at most ${mostWorkers(cpus)} with ${cpus} cpus (2 × cpus + 1)`;
    },
    ...once("odoo"),
  })
  .refine(({ odoo }) => odoo.memoryMiB >= leastOdooMemoryMiB(odoo), {
    path: ["odoo", "memoryMiB"],
    error: ({ input }) => {
      const { odoo } = input as StackConfig;
      return `must be at least ${leastOdooMemoryMiB(odoo)} for ${odoo.workers} workers and ${odoo.cronWorkers} cron workers`;
    },
    ...once("odoo"),
  })
  .refine(({ odoo, postgres }) => fitsConnections(odoo, postgres.maxConnections).fits, {
    path: ["postgres", "maxConnections"],
    error: ({ input }) => {
      const { odoo, postgres } = input as StackConfig;
      return `must be at least ${fitsConnections(odoo, postgres.maxConnections).needed} for Odoo's processes and the other roles`;
    },
    ...once("odoo", "postgres"),
  });

/** Everything that differs between stacks: plain data, complete, valid. */
export type StackConfig = z.output<typeof settings>;

/**
 * Reads a stack's configuration.
 *
 * @param config `<project>:<key>` to string; structured values as JSON, as Pulumi hands them over. Keys of other
 *   namespaces (providers') are left alone.
 * @throws RunError with every fault, one a line, each with what is allowed and the file to edit.
 */
export function readConfig(project: string, stack: string, config: { readonly [key: string]: string }): StackConfig {
  const keys = Object.keys(config);
  const own = Object.fromEntries(
    keys
      .filter((key) => key.startsWith(`${project}:`))
      .map((key): [string, unknown] => [key.slice(project.length + 1), parseValue(config[key] ?? "")]),
  );
  const strange = keys.filter((key) => ![project, ...FOREIGN].some((namespace) => key.startsWith(`${namespace}:`)));
  const { data, error } = schema.safeParse(own);
  const faults = [
    ...strange.map(
      (key) => `${key}: is no setting of this project, nor a provider's; its settings begin with ${project}:`,
    ),
    ...(error?.issues ?? []).flatMap((issue) => sentences(issue, own)),
  ];
  if (data !== undefined && faults.length === 0) return data;
  throw refusal(
    [
      `The configuration of stack ${stack} has ${faults.length === 1 ? "1 fault" : `${faults.length} faults`}:`,
      ...faults.map((fault) => `  - ${fault}`),
      `Mend Pulumi.${stack}.yaml (keys are documented in stacks/config.ts), then run the command again.`,
    ].join("\n"),
  );
}

/** Pulumi hands scalars over as text and everything structured as JSON; a text that isn't JSON is itself. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
