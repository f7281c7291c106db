import type { EdgeHosts } from "../edge.ts";
import type { MailSettings } from "../mail.ts";

/** What the stack may record of itself in schema `monitoring`. */
export type Expected = "backups" | "drills" | "heartbeat";

export interface MonitoringArgs {
  readonly stack: string;
  readonly stage: string;
  readonly retentionDays: number;
  readonly alerts: {
    readonly mailTo: readonly string[];
    readonly webhook?: string | undefined;
    readonly deadMansSwitch?: string | undefined;
    readonly longestWaitSeconds?: number | undefined;
  };
  readonly expects: readonly Expected[];
  readonly mail: MailSettings | undefined;
  /** What the edge serves, and how it is reached by people. */
  readonly hosts: EdgeHosts;
  readonly urls: { readonly odoo: string } & { readonly [site: string]: string | undefined };
  readonly tls: "internal" | "acme";
  readonly database: string;
}

/** Every decision about what watches the stack, in plain data. */
export interface MonitoringSettings {
  readonly retentionDays: number;
  /** URL that is looked at for each site; what answers there is enough for it to be up. */
  readonly sites: { readonly [site: string]: string };
  readonly tls: "internal" | "acme";
  readonly expects: readonly Expected[];
  readonly alerts: {
    readonly mailTo: readonly string[];
    /** An URL, or `secret`. */
    readonly webhook?: string;
    readonly deadMansSwitch?: string;
    readonly longestWaitSeconds?: number;
  };
  /** URL of Prometheus. Without a site it is the one inside, which no browser reaches. */
  readonly url: string;
}

/** Path that is looked at, where it isn't the first page. With it Odoo fails when its database is away. */
const PATHS: { readonly [site: string]: string } = {
  odoo: "/web/health?db_server_status=1",
  mcp: "/.well-known/oauth-protected-resource",
  // Of the relying party, for nobody.
  shell: "/auth/logout",
};

/** Decides what is looked at and who is told. */
export function settleMonitoring(args: MonitoringArgs): MonitoringSettings {
  const { mailTo, webhook, deadMansSwitch, longestWaitSeconds } = args.alerts;
  return {
    retentionDays: args.retentionDays,
    sites: Object.fromEntries(
      Object.keys(args.hosts)
        .sort()
        .map((site) => [site, `${args.urls[site] ?? ""}${PATHS[site] ?? "/"}`]),
    ),
    tls: args.tls,
    expects: [...new Set(args.expects)].sort(),
    alerts: {
      mailTo: args.mail === undefined ? [] : [...mailTo],
      ...(webhook === undefined ? {} : { webhook }),
      ...(deadMansSwitch === undefined ? {} : { deadMansSwitch }),
      ...(longestWaitSeconds === undefined ? {} : { longestWaitSeconds }),
    },
    url: args.urls["metrics"] ?? "http://prometheus:9090",
  };
}

/** Environment of Prometheus. */
export function prometheusEnvironment(
  { stack, stage }: Pick<MonitoringArgs, "stack" | "stage">,
  { retentionDays, sites, tls, expects, alerts, url }: MonitoringSettings,
): Record<string, string> {
  return {
    MONITORING_STACK: stack,
    MONITORING_STAGE: stage,
    MONITORING_URL: url,
    MONITORING_RETENTION_DAYS: String(retentionDays),
    MONITORING_SITES: Object.entries(sites)
      .map(([site, address]) => `${site}=${address}`)
      .join(" "),
    MONITORING_TLS: tls,
    MONITORING_EXPECTS: expects.join(" "),
    ...(alerts.longestWaitSeconds === undefined ? {} : { MONITORING_LONGEST_WAIT: String(alerts.longestWaitSeconds) }),
  };
}

/** Environment of the Alertmanager. */
export function alertmanagerEnvironment(
  { alerts, url }: MonitoringSettings,
  mail: MailSettings | undefined,
): Record<string, string> {
  return {
    MONITORING_URL: url,
    ...(alerts.longestWaitSeconds === undefined ? {} : { ALERTS_GROUP_INTERVAL: "5s", ALERTS_BEAT: "10s" }),
    ...(alerts.webhook === undefined ? {} : { ALERTS_WEBHOOK: alerts.webhook }),
    ...(alerts.deadMansSwitch === undefined ? {} : { ALERTS_DEAD_MANS_SWITCH: alerts.deadMansSwitch }),
    ...(mail === undefined || alerts.mailTo.length === 0
      ? {}
      : {
          ALERTS_MAIL_TO: alerts.mailTo.join(", "),
          ALERTS_MAIL_FROM: mail.from,
          ALERTS_SMARTHOST: `${mail.host}:${mail.port}`,
          ALERTS_MAIL_TLS: String(mail.tls),
          ...(mail.user === undefined ? {} : { ALERTS_MAIL_USER: mail.user }),
        }),
  };
}
