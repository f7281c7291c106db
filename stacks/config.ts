import { z } from "zod";

import { fitsConnections } from "../components/connections.ts";
import { leastOdooMemoryMiB, mostWorkers } from "../components/odoo-sizing.ts";
import { refusal } from "../components/refusal.ts";
import { PHASES } from "../plan/phase.ts";
import { sentences } from "./config-fault.ts";
import { backup } from "./settings/backup.ts";
import { isAwsRegion } from "./settings/backup-aws.ts";
import { edge } from "./settings/edge.ts";
import { identity } from "./settings/identity.ts";
import { images } from "./settings/images.ts";
import { mail } from "./settings/mail.ts";
import { monitoring } from "./settings/monitoring.ts";
import { mcp } from "./settings/mcp.ts";
import { odoo } from "./settings/odoo.ts";
import { policyException } from "./settings/policy-exception.ts";
import { postgres } from "./settings/postgres.ts";
import { previews } from "./settings/previews.ts";
import { promotion } from "./settings/promotion.ts";
import { shell } from "./settings/shell.ts";
import { sla } from "./settings/sla.ts";
import { domain, isPublic } from "./settings/shared.ts";

/** What a stack is for; decides nothing by itself, is shown to users and checked by gates. */
export const STAGES = ["development", "staging", "production"] as const;

/** Namespaces of settings that aren't ours: Pulumi's own and its providers'. */
const FOREIGN = ["aws", "docker", "pulumi", "random"];

/** Every setting of a stack; those of one part of the system are in stacks/settings/. */
const settings = z.strictObject({
  stage: z.enum(STAGES),
  domain,
  /** Refuse to delete volumes with data (`protect` and `retainOnDelete`). @default true */
  protectData: z.boolean().default(true),
  backup: backup.prefault({}),
  edge,
  images: images.prefault({}),
  mail: mail.prefault({}),
  monitoring: monitoring.prefault({}),
  identity: identity.prefault({}),
  shell: shell.prefault({}),
  postgres,
  odoo,
  mcp: mcp.prefault({}),
  sla: sla.prefault({}),
  /** @default - code is not promoted to the stack, nor from it */
  promotion: promotion.optional(),
  /** @default - no previews are made beside the stack */
  previews: previews.optional(),
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
function once<K extends "backup" | "domain" | "edge" | "identity" | "mail" | "odoo" | "postgres" | "shell" | "stage">(
  ...keys: readonly K[]
): { when: (payload: { value: unknown }) => boolean } {
  const parts = z.object(Object.fromEntries(keys.map((key) => [key, settings.shape[key]])));
  return { when: ({ value }) => parts.safeParse(value).success };
}

const schema = settings
  .refine(({ backup }) => backup.vault !== "aws" || backup.aws !== undefined, {
    path: ["backup", "aws"],
    error: "is needed where vault is aws",
    ...once("backup"),
  })
  .refine(({ backup }) => backup.vault !== "aws" || backup.regions.every(isAwsRegion), {
    path: ["backup", "regions"],
    error: "must be AWS regions such as eu-central-1 where vault is aws",
    ...once("backup"),
  })
  .refine(({ backup }) => (backup.noncurrentDays ?? backup.lockDays) >= backup.lockDays, {
    path: ["backup", "noncurrentDays"],
    error: "must be at least lockDays: nothing goes before its lock ends",
    ...once("backup"),
  })
  .refine(({ edge }) => edge.httpPort !== edge.httpsPort, {
    path: ["edge", "httpPort"],
    error: "must differ from httpsPort",
    ...once("edge"),
  })
  .refine(({ identity }) => identity.issuer !== "external" || identity.url !== undefined, {
    path: ["identity", "url"],
    error: "is needed where issuer is external",
    ...once("identity"),
  })
  .refine(({ identity, shell }) => !shell.enabled || identity.enabled, {
    path: ["shell", "enabled"],
    error: "must be false where identity is off: nobody could sign on",
    ...once("identity", "shell"),
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
  .refine(({ mail, stage }) => mail.relay === undefined || stage === "production", {
    path: ["mail", "relay"],
    error: "must be absent where stage is not production: mail stays in the stack there",
    ...once("mail", "stage"),
  })
  .refine(({ mail, stage }) => !mail.enabled || stage !== "production" || mail.relay !== undefined, {
    path: ["mail", "relay"],
    error: "is needed where mail is enabled in production",
    ...once("mail", "stage"),
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
      `Mend Pulumi.${stack}.yaml (keys are documented in stacks/config.ts and stacks/settings/), then run the command again.`,
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
