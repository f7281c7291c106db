import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { digestOf } from "../plan/digest.ts";
import { cpus, duration, REST_SECONDS, seldomOnceWell } from "./container-options.ts";
import type { Network } from "./network.ts";
import { refusal } from "./refusal.ts";
import { generationLabels, type SecretFile, SecretFiles, SECRETS_PATH } from "./secret-files.ts";

/**
 * Where a container without a way out asks for names that no container has: nowhere. The Engine would ask the host's
 * resolver for it, by which data can leave (CVE-2024-29018: older Engines do so even for internal networks).
 */
export const NO_DNS = "127.0.0.1";

/** Labels that name who need not work for this one to start, but is stopped after it. */
export const WHILE_LABEL = "odoo-platform.while.";

/** Command that tells whether a service works, and how often it is asked. */
export interface Healthcheck {
  /** Without a shell. */
  readonly command: readonly string[];
  /** Between two checks until one holds, and REST_SECONDS more from then on. @default 5 */
  readonly intervalSeconds?: number;
  /** @default 5 */
  readonly timeoutSeconds?: number;
  /** Failures in a row that make it unhealthy. @default 6 */
  readonly retries?: number;
  /** Time to start in which failures don't count. @default 60 */
  readonly startPeriodSeconds?: number;
}

/** A volume in a container. */
export interface Mount {
  readonly volume: docker.Volume;
  readonly path: string;
  /** @default false */
  readonly readOnly?: boolean;
}

/** Plain decisions about one container. */
export interface ServiceSettings {
  /** Name in the stack, and host name on its networks. */
  readonly service: string;
  /** Numeric `uid:gid`, never 0. */
  readonly user: string;
  readonly command: readonly string[];
  /** Environment; never holds a secret. */
  readonly env: { readonly [name: string]: string };
  readonly memoryMiB: number;
  readonly cpus: number;
  /** Linux capabilities left after all were dropped. @default none */
  readonly addCapabilities?: readonly string[];
  /** Paths that can be written besides volumes, with mount options. */
  readonly tmpfs: { readonly [path: string]: string };
  /** Needed for a service; a one-shot job has none. */
  readonly healthcheck?: Healthcheck;
  /** A one-shot job: runs to its end before those that come after it start. @default false */
  readonly job?: boolean;
  /** Ports published on the host. Only the edge has any. */
  readonly ports?: readonly { readonly port: number; readonly address: string }[];
  /** Time between SIGTERM (or `stopSignal`) and SIGKILL. @default 30 */
  readonly stopTimeoutSeconds?: number;
  /** @default "SIGTERM" */
  readonly stopSignal?: string;
  /** Size of /dev/shm. @default 64 */
  readonly sharedMemoryMiB?: number;
}

export interface ServiceArgs {
  readonly settings: ServiceSettings;
  /** Prefix of physical names, `<project>-<stack>`. */
  readonly prefix: string;
  /** Image with the content hash as its tag. */
  readonly image: pulumi.Input<string>;
  /** No network at all when empty. */
  readonly networks: readonly { readonly network: Network; readonly aliases?: readonly string[] }[];
  readonly mounts?: readonly Mount[];
  /** Files under /run/secrets, named as the secret. */
  readonly secrets?: readonly SecretFile[];
  /** Services that must be healthy, and jobs that must have ended well, before this one starts. */
  readonly after?: readonly Service[];
  /** Services that run for as long as this one does: started before it, whether they work or not, and stopped after it. */
  readonly while?: readonly Service[];
}

/**
 * The hardened container that every part of the system is made of: numeric user, all capabilities dropped, no new
 * privileges, read-only root, limits on memory, swap, cpu and open files, rotated logs, health check.
 */
export class Service extends pulumi.ComponentResource {
  readonly settings: ServiceSettings;
  readonly container: docker.Container;
  /** Of a one-shot job: 0, or an error that holds back what comes after it. */
  readonly exitCode: pulumi.Output<number> | undefined;

  constructor(name: string, args: ServiceArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const settings = settleService(args.settings);
    super("odoo-platform:docker:Service", name, {}, opts);
    const { prefix, secrets = [], mounts = [], after = [], while: lasting = [], networks } = args;

    this.settings = settings;
    const files =
      secrets.length === 0
        ? undefined
        : new SecretFiles(
            `${name}-secrets`,
            { prefix, service: settings.service, image: args.image, secrets },
            { parent: this },
          );
    this.container = new docker.Container(
      name,
      {
        name: `${prefix}-${settings.service}`,
        hostname: settings.service,
        image: args.image,
        user: settings.user,
        command: [...settings.command],
        envs: Object.entries(settings.env).map(([key, value]) => `${key}=${value}`),
        labels: [
          ...labels(prefix, settings),
          ...(files === undefined ? [] : [{ label: "odoo-platform.secrets", value: files.generation }]),
          ...generationLabels(secrets),
          // The provider takes a failed job for a finished one; what starts after a job needs its checked exit code.
          ...after.flatMap(({ settings: { service }, exitCode }) =>
            exitCode === undefined ? [] : [{ label: `odoo-platform.after.${service}`, value: exitCode.apply(String) }],
          ),
          ...lasting.map(({ settings: { service } }) => ({ label: `${WHILE_LABEL}${service}`, value: "true" })),
        ],
        ...(networks.length === 0
          ? { networkMode: "none" }
          : {
              networkMode: "bridge",
              ...(networks.every(({ network }) => network.settings.internal) ? { dns: [NO_DNS] } : {}),
              networksAdvanced: networks.map(({ network, aliases = [] }) => ({
                name: network.networkName,
                aliases: [settings.service, ...aliases],
              })),
            }),
        volumes: [
          ...mounts.map(({ volume, path, readOnly = false }) => ({
            volumeName: volume.name,
            containerPath: path,
            readOnly,
          })),
          ...(files === undefined
            ? []
            : [{ volumeName: files.volume.name, containerPath: SECRETS_PATH, readOnly: true }]),
        ],
        readOnly: true,
        tmpfs: settings.tmpfs,
        init: true,
        capabilities: {
          drops: ["ALL"],
          adds: (settings.addCapabilities ?? []).map((capability) => `CAP_${capability}`),
        },
        securityOpts: ["no-new-privileges:true"],
        memory: settings.memoryMiB,
        // Equal to memory: no swap. Unset, the provider reports a difference for ever.
        memorySwap: settings.memoryMiB,
        cpus: cpus(settings.cpus),
        shmSize: settings.sharedMemoryMiB ?? 64,
        // What a machine with modest limits still grants; 8 connections a process and 100 sessions are far below it.
        ulimits: [{ name: "nofile", soft: 8192, hard: 8192 }],
        logDriver: "json-file",
        logOpts: { "max-size": "10m", "max-file": "3" },
        stopTimeout: settings.stopTimeoutSeconds ?? 30,
        destroyGraceSeconds: settings.stopTimeoutSeconds ?? 30,
        stopSignal: settings.stopSignal ?? "SIGTERM",
        ...(settings.ports === undefined
          ? {}
          : { ports: settings.ports.map(({ port, address }) => ({ internal: port, external: port, ip: address })) }),
        ...(settings.job === true
          ? { attach: true, mustRun: false, logs: true, restart: "no" }
          : {
              restart: "unless-stopped",
              wait: true,
              waitTimeout: patienceSeconds(settings.healthcheck),
              healthcheck: healthcheck(settings.healthcheck),
            }),
      },
      { parent: this, dependsOn: [...after, ...lasting].map(({ container }) => container), deleteBeforeReplace: true },
    );
    this.exitCode = settings.job === true ? checkedExit(settings.service, this.container) : undefined;
    this.registerOutputs({ containerName: this.container.name, exitCode: this.exitCode });
  }
}

/** Refuses what would make the container weaker than its class promises. */
export function settleService(settings: ServiceSettings): ServiceSettings {
  const fault = (what: string) => refusal(`${settings.service}: ${what}`);
  if (!/^[1-9]\d*:[1-9]\d*$/.test(settings.user))
    throw fault(`user must be a numeric uid:gid, not root; got ${settings.user}`);
  if (settings.job !== true && settings.healthcheck === undefined)
    throw fault("a service needs a healthcheck; a one-shot job sets job: true");
  if (settings.cpus < 0.01) throw fault(`cpus must be at least 0.01, since 0 is no limit; got ${settings.cpus}`);
  if (settings.memoryMiB < 16) throw fault(`memoryMiB must be at least 16; got ${settings.memoryMiB}`);
  return settings;
}

function labels(prefix: string, settings: ServiceSettings): docker.types.input.ContainerLabel[] {
  const all = {
    "odoo-platform.stack": prefix,
    "odoo-platform.service": settings.service,
    // The provider ignores a change of the health check alone; a label's change replaces the container.
    ...(settings.healthcheck === undefined
      ? {}
      : { "odoo-platform.healthcheck": digestOf(healthcheck(settings.healthcheck)).slice(0, 12) }),
  };
  return Object.entries(all).map(([label, value]) => ({ label, value }));
}

function healthcheck(check: Healthcheck | undefined): docker.types.input.ContainerHealthcheck {
  const { command, intervalSeconds, timeoutSeconds, retries, startPeriodSeconds } = withDefaults(check);
  return {
    tests: ["CMD", ...seldomOnceWell(command, timeoutSeconds)],
    interval: duration(intervalSeconds),
    timeout: duration(timeoutSeconds + REST_SECONDS + 1),
    retries,
    startPeriod: duration(startPeriodSeconds),
  };
}

function withDefaults(check: Healthcheck | undefined): Required<Healthcheck> {
  return { command: [], intervalSeconds: 5, timeoutSeconds: 5, retries: 6, startPeriodSeconds: 60, ...check };
}

/** How long a container may take before it counts as unhealthy: waiting on would be in vain. */
function patienceSeconds(check: Healthcheck | undefined): number {
  const { intervalSeconds, timeoutSeconds, retries, startPeriodSeconds } = withDefaults(check);
  return startPeriodSeconds + retries * (intervalSeconds + timeoutSeconds) + 30;
}

function checkedExit(service: string, container: docker.Container): pulumi.Output<number> {
  return container.exitCode.apply((code) => {
    if (code === 0) return code;
    throw refusal(
      `Job ${service} ended with exit code ${code}. Read \`npm run platform -- logs ${service}\`; it runs again with the next \`npm run up\`.`,
    );
  });
}
