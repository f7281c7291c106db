import type { Row } from "./row.ts";
import { all, on, UNKNOWN } from "./world.ts";

/** What breaks each rule about what a container may do. */
export const LIMIT_ROWS: readonly Row[] = [
  {
    rule: "containers-restart-within-bounds",
    breaks: [
      [on("odoo", "restart", "always"), "odoo: restart is always"],
      [on("odoo", "restart", undefined), "odoo: restart is not set"],
      [on("odoo", "restart", "on-failure"), "odoo: restart is on-failure with 0 tries"],
    ],
    holds: [all(on("odoo", "restart", "on-failure"), on("odoo", "maxRetryCount", 5))],
    unknown: [on("odoo", "restart", UNKNOWN), "odoo"],
  },
  {
    rule: "containers-have-processes-of-their-own",
    breaks: [[on("odoo", "pidMode", "host"), "odoo: pidMode is host"]],
    unknown: [on("odoo", "pidMode", UNKNOWN), "odoo"],
  },
  {
    rule: "containers-have-memory-segments-of-their-own",
    breaks: [
      [on("postgres", "ipcMode", "host"), "postgres: ipcMode is host"],
      [on("postgres", "ipcMode", "shareable"), "postgres: ipcMode is shareable"],
    ],
    holds: [on("postgres", "ipcMode", "private")],
    unknown: [on("postgres", "ipcMode", UNKNOWN), "postgres"],
  },
  {
    rule: "containers-get-no-devices",
    breaks: [
      [on("odoo", "devices", [{ hostPath: "/dev/kvm" }]), "odoo: it gets /dev/kvm"],
      [on("odoo", "gpus", "all"), "odoo: it gets GPUs"],
    ],
    unknown: [on("odoo", "devices", UNKNOWN), "odoo"],
  },
  {
    rule: "containers-limit-open-files",
    breaks: [
      [on("odoo", "ulimits", undefined), "odoo: ulimits has no nofile above 0"],
      [on("odoo", "ulimits.0.hard", 0), "odoo: ulimits has no nofile above 0"],
    ],
    unknown: [on("odoo", "ulimits", UNKNOWN), "odoo"],
  },
  {
    rule: "mounts-are-not-shared-with-the-host",
    breaks: [
      [
        on("odoo", "mounts", [{ type: "bind", target: "/x", bindOptions: { propagation: "rshared" } }]),
        "odoo: the mount at /x is rshared",
      ],
    ],
    holds: [
      on("odoo", "mounts", [{ type: "volume", target: "/x", bindOptions: { propagation: "private" } }]),
      on("odoo", "mounts", [{ target: "/x" }]),
    ],
    unknown: [on("odoo", "mounts", [{ bindOptions: UNKNOWN }]), "odoo"],
  },
  {
    rule: "containers-keep-apparmor",
    breaks: [[on("odoo", "securityOpts.1", "apparmor=unconfined"), "odoo: AppArmor is turned off"]],
    holds: [on("odoo", "securityOpts.1", "apparmor=docker-default")],
    unknown: [on("odoo", "securityOpts", UNKNOWN), "odoo"],
  },
  {
    rule: "containers-keep-selinux",
    breaks: [[on("odoo", "securityOpts.1", "label:disable"), "odoo: SELinux labels are turned off"]],
    unknown: [on("odoo", "securityOpts.0", UNKNOWN), "odoo"],
  },
  {
    rule: "containers-keep-seccomp",
    breaks: [[on("odoo", "securityOpts.1", "seccomp=unconfined"), "odoo: seccomp is turned off"]],
    unknown: [on("odoo", "securityOpts", UNKNOWN), "odoo"],
  },
  {
    rule: "containers-keep-their-cgroup",
    breaks: [
      [on("odoo", "cgroupParent", "/system.slice"), "odoo: cgroupParent is /system.slice"],
      [on("odoo", "cgroupnsMode", "host"), "odoo: cgroupnsMode is host"],
    ],
    holds: [on("odoo", "cgroupnsMode", "private")],
    unknown: [on("odoo", "cgroupParent", UNKNOWN), "odoo"],
  },
  {
    rule: "containers-gain-no-privileges",
    breaks: [
      [on("odoo", "securityOpts", undefined), "odoo: securityOpts has no no-new-privileges:true"],
      [on("odoo", "securityOpts", ["no-new-privileges:false"]), "odoo: securityOpts has no no-new-privileges:true"],
    ],
    holds: [on("odoo", "securityOpts", ["no-new-privileges"])],
    unknown: [on("odoo", "securityOpts", UNKNOWN), "odoo"],
  },
  {
    rule: "services-tell-their-health",
    breaks: [
      [on("odoo", "healthcheck", undefined), "odoo: it has no health check"],
      [on("odoo", "healthcheck.tests", ["NONE"]), "odoo: it has no health check"],
      [on("odoo-init", "mustRun", true), "odoo-init: it has no health check"],
    ],
    unknown: [on("odoo", "healthcheck", UNKNOWN), "odoo"],
  },
];
