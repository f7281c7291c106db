import type { Row } from "./row.ts";
import { all, on, UNKNOWN } from "./world.ts";

/** What breaks each rule about what a container is made of. */
export const PART_ROWS: readonly Row[] = [
  {
    rule: "images-are-named-by-their-content",
    breaks: [
      [on("odoo", "image", "odoo:19.0"), "odoo: image odoo:19.0 is not named by its content"],
      [
        on("odoo", "image", "odoo-platform/odoo:0123456789ab"),
        "odoo: image odoo-platform/odoo:0123456789ab is not named by its content",
      ],
      [on("odoo", "image", undefined), "odoo: image  is not named by its content"],
    ],
    holds: [on("odoo", "image", `odoo:19.0@sha256:${"0".repeat(64)}`), on("odoo", "image", `sha256:${"0".repeat(64)}`)],
    unknown: [on("odoo", "image", UNKNOWN), "odoo"],
  },
  {
    rule: "containers-are-on-networks-of-the-stack",
    breaks: [
      [on("odoo", "networksAdvanced", []), "odoo: it is on Docker's default bridge"],
      [on("odoo", "networksAdvanced.0.name", "other"), "odoo: network other is not of this stack"],
    ],
    unknown: [on("odoo", "networksAdvanced.0.name", UNKNOWN), "odoo"],
  },
  {
    rule: "containers-stay-off-the-hosts-users",
    breaks: [[on("odoo", "usernsMode", "host"), "odoo: usernsMode is host"]],
    unknown: [on("odoo", "usernsMode", UNKNOWN), "odoo"],
  },
  {
    rule: "containers-run-as-a-numbered-user",
    breaks: [
      [on("odoo", "user", undefined), "odoo: user is not set"],
      [on("odoo", "user", "0:0"), "odoo: user is 0:0"],
      [on("odoo", "user", "odoo"), "odoo: user is odoo"],
      [on("odoo", "user", "100"), "odoo: user is 100"],
    ],
    unknown: [on("odoo", "user", UNKNOWN), "odoo"],
  },
  {
    rule: "temporary-folders-run-nothing",
    breaks: [
      [on("edge", "tmpfs./tmp", "rw,nosuid,nodev,size=16m"), "edge: /tmp is mounted without noexec"],
      [on("edge", "tmpfs./tmp", "rw,noexec,nosuid,nodev"), "edge: /tmp is mounted without size"],
    ],
    unknown: [on("edge", "tmpfs./tmp", UNKNOWN), "edge"],
  },
  {
    rule: "logs-are-rotated",
    breaks: [
      [on("odoo", "logOpts", undefined), "odoo: its log (json-file) has no max-size and max-file"],
      [on("odoo", "logDriver", "syslog"), "odoo: its log (syslog) has no max-size and max-file"],
      [
        all(on("odoo", "logDriver", undefined), on("odoo", "logOpts.max-file", undefined)),
        "odoo: its log (json-file) has no max-size and max-file",
      ],
    ],
    holds: [on("odoo", "logDriver", "local")],
    unknown: [on("odoo", "logDriver", UNKNOWN), "odoo"],
  },
  {
    rule: "volumes-are-of-the-stack",
    breaks: [
      [on("odoo", "volumes.0.volumeName", undefined), "odoo: /var/lib/odoo is a volume without a name"],
      [on("odoo", "volumes.0.volumeName", "other"), "odoo: /var/lib/odoo is volume other, which the plan has not"],
    ],
    unknown: [on("odoo", "volumes.0.volumeName", UNKNOWN), "odoo"],
  },
  {
    rule: "containers-keep-names-and-kernel-settings",
    breaks: [
      [on("odoo", "hosts", [{ host: "postgres", ip: "10.0.0.1" }]), "odoo: hosts is set"],
      [on("odoo", "dns", ["127.0.0.1", "9.9.9.9"]), "odoo: its name server is 9.9.9.9"],
      [on("odoo", "sysctls", { "net.ipv4.ip_forward": "1" }), "odoo: sysctls is set"],
    ],
    unknown: [on("odoo", "dns", UNKNOWN), "odoo"],
  },
  {
    rule: "containers-reap-their-processes",
    breaks: [[on("odoo", "init", undefined), "odoo: init is not true"]],
    unknown: [on("odoo", "init", UNKNOWN), "odoo"],
  },
  {
    rule: "services-get-time-to-stop",
    breaks: [
      [on("odoo", "stopTimeout", 1), "odoo: stopTimeout is 1"],
      [on("odoo", "destroyGraceSeconds", undefined), "odoo: destroyGraceSeconds is not set"],
    ],
    unknown: [on("odoo", "stopTimeout", UNKNOWN), "odoo"],
  },
];
