import * as pulumi from "@pulumi/pulumi";

import { answersAt } from "../container-options.ts";
import { dataVolume } from "../data-volume.ts";
import type { Edge } from "../edge.ts";
import type { MailRoute } from "../mail.ts";
import type { Network } from "../network.ts";
import type { Postgres } from "../postgres.ts";
import { Secret } from "../secret.ts";
import { type Mount, Service, type ServiceArgs, type ServiceSettings } from "../service.ts";
import {
  alertmanagerEnvironment,
  type MonitoringArgs as SettingsArgs,
  type MonitoringSettings,
  prometheusEnvironment,
  settleMonitoring,
} from "./settings.ts";

export interface MonitoringArgs extends Omit<SettingsArgs, "mail"> {
  readonly prefix: string;
  readonly image: pulumi.Input<string>;
  /** The network of everything that is watched and watches. */
  readonly monitoring: Network;
  readonly data: Network;
  /** A network with a way out, where alerts go outside. */
  readonly egress?: Network | undefined;
  readonly mail: MailRoute | undefined;
  readonly postgres: Postgres;
  readonly edge: Edge;
}

const USER = "990:990";
/** Port of each program, and the path that answers once it works. */
const HEALTH = {
  prometheus: "9090/-/ready",
  alertmanager: "9093/alertmanager/-/ready",
  "blackbox-exporter": "9115/-/healthy",
  "node-exporter": "9100/metrics",
  "postgres-exporter": "9187/metrics",
  "sql-exporter": "9237/metrics",
} as const;

/** Prometheus, Alertmanager and the exporters, each in a container of its own, on a network that leads nowhere. */
export class Monitoring extends pulumi.ComponentResource {
  readonly settings: MonitoringSettings;
  readonly services: readonly Service[];

  constructor(name: string, args: MonitoringArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:monitoring:Monitoring", name, {}, opts);
    const { mail } = args;
    const settings = settleMonitoring({ ...args, mail: mail?.settings });
    this.settings = settings;
    const { alerts } = settings;

    const volume = (role: string, path = "/var/lib/monitoring"): Mount => ({
      volume: dataVolume(`${name}-${role}`, { prefix: args.prefix, parent: this, keep: false }),
      path,
    });
    const make = (
      service: keyof typeof HEALTH,
      own: Pick<ServiceSettings, "command" | "env" | "memoryMiB" | "cpus">,
      rest: Partial<Pick<ServiceArgs, "networks" | "mounts" | "secrets" | "after">> = {},
    ): Service =>
      new Service(
        service,
        {
          prefix: args.prefix,
          image: args.image,
          settings: {
            service,
            user: USER,
            ...own,
            tmpfs: {
              "/tmp": "rw,noexec,nosuid,nodev,size=16m,mode=1777",
              // Holds rendered configuration, which may have a password in it.
              "/run/monitoring": "rw,noexec,nosuid,nodev,size=4m,mode=0700,uid=990,gid=990",
            },
            healthcheck: {
              command: answersAt(`http://127.0.0.1:${HEALTH[service]}`),
              intervalSeconds: 10,
            },
          },
          ...rest,
          networks: [{ network: args.monitoring }, ...(rest.networks ?? [])],
        },
        { parent: this },
      );
    const database = {
      networks: [{ network: args.data }],
      mounts: [args.postgres.caMount],
      secrets: [args.postgres.password("exporter")],
      after: [args.postgres.init],
    };

    const nodeExporter = make(
      "node-exporter",
      { command: ["node"], env: {}, memoryMiB: 64, cpus: 0.5 },
      // What `platform` knows of the containers is put here.
      { mounts: [volume("containers")] },
    );
    const postgresExporter = make(
      "postgres-exporter",
      { command: ["postgres"], env: {}, memoryMiB: 96, cpus: 0.5 },
      database,
    );
    const sqlExporter = make(
      "sql-exporter",
      { command: ["sql"], env: { ODOO_DB_NAME: args.database }, memoryMiB: 96, cpus: 0.5 },
      database,
    );
    const blackbox = make(
      "blackbox-exporter",
      { command: ["blackbox"], env: { MONITORING_TLS: settings.tls }, memoryMiB: 96, cpus: 0.5 },
      { after: [args.edge.service] },
    );
    const alertmanager = make(
      "alertmanager",
      { command: ["alertmanager"], env: alertmanagerEnvironment(settings, mail?.settings), memoryMiB: 128, cpus: 0.5 },
      {
        networks: [mail?.network, args.egress].flatMap((network) => (network === undefined ? [] : [{ network }])),
        mounts: [volume("alerts")],
        secrets: [
          ...(alerts.webhook === "secret" ? [given("alert-webhook-url", this)] : []),
          ...(alerts.deadMansSwitch === "secret" ? [given("dead-mans-switch-url", this)] : []),
          ...(mail?.password === undefined || alerts.mailTo.length === 0 ? [] : [mail.password]),
        ],
      },
    );
    const prometheus = make(
      "prometheus",
      { command: ["prometheus"], env: prometheusEnvironment(args, settings), memoryMiB: 512, cpus: 1 },
      { mounts: [volume("measurements")], after: [alertmanager] },
    );
    this.services = [nodeExporter, postgresExporter, sqlExporter, blackbox, alertmanager, prometheus];
    this.registerOutputs({});
  }
}

function given(name: string, parent: pulumi.Resource): Secret {
  return new Secret(name, { parent }, { given: true });
}
