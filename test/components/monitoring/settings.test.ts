import { describe, expect, test } from "vitest";

import { settleMail } from "../../../components/mail.ts";
import {
  alertmanagerEnvironment,
  type MonitoringArgs,
  prometheusEnvironment,
  settleMonitoring,
} from "../../../components/monitoring/settings.ts";

const mail = settleMail({ stage: "development", domain: "example.com", enabled: true });
const ARGS: MonitoringArgs = {
  stack: "dev",
  stage: "development",
  retentionDays: 15,
  alerts: { mailTo: ["on-call@example.com"] },
  expects: ["heartbeat", "backups", "heartbeat"],
  mail,
  hosts: { odoo: "odoo.example.com", metrics: "metrics.example.com" },
  urls: { odoo: "https://odoo.example.com:8443", metrics: "https://metrics.example.com:8443" },
  tls: "internal",
  database: "odoo",
};

describe("settings", () => {
  test("are complete: every site that is served is looked at, Odoo with its database", () => {
    expect(settleMonitoring(ARGS)).toEqual({
      retentionDays: 15,
      sites: {
        metrics: "https://metrics.example.com:8443/",
        odoo: "https://odoo.example.com:8443/web/health?db_server_status=1",
      },
      tls: "internal",
      expects: ["backups", "heartbeat"],
      alerts: { mailTo: ["on-call@example.com"] },
      url: "https://metrics.example.com:8443",
    });
  });

  test("tell nobody by mail where no mail is sent", () => {
    expect(settleMonitoring({ ...ARGS, mail: undefined }).alerts.mailTo).toEqual([]);
  });
});

describe("environments", () => {
  const withAlerts = (alerts: MonitoringArgs["alerts"]) => settleMonitoring({ ...ARGS, alerts });

  test("Prometheus learns whom to look at and what to expect", () => {
    expect(prometheusEnvironment(ARGS, settleMonitoring(ARGS))).toMatchObject({
      MONITORING_SITES:
        "metrics=https://metrics.example.com:8443/ odoo=https://odoo.example.com:8443/web/health?db_server_status=1",
      MONITORING_EXPECTS: "backups heartbeat",
    });
  });

  test("rules wait as they say, unless alerts are rehearsed", () => {
    const waits = (alerts: MonitoringArgs["alerts"]) =>
      prometheusEnvironment(ARGS, withAlerts(alerts))["MONITORING_LONGEST_WAIT"];
    expect([waits({ mailTo: [] }), waits({ mailTo: [], longestWaitSeconds: 0 })]).toEqual([undefined, "0"]);
  });

  test("the Alertmanager learns where alerts go; an URL that is a secret is not among it", () => {
    const alerts = { mailTo: ["a@example.com", "b@example.com"], webhook: "secret", deadMansSwitch: "http://watch/" };
    expect(alertmanagerEnvironment(withAlerts(alerts), mail)).toEqual({
      MONITORING_URL: "https://metrics.example.com:8443",
      ALERTS_WEBHOOK: "secret",
      ALERTS_DEAD_MANS_SWITCH: "http://watch/",
      ALERTS_MAIL_TO: "a@example.com, b@example.com",
      ALERTS_MAIL_FROM: "odoo@example.com",
      ALERTS_SMARTHOST: "mail:1025",
      ALERTS_MAIL_TLS: "false",
    });
  });
});
