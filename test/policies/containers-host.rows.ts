import type { Row } from "./row.ts";
import { all, on, UNKNOWN } from "./world.ts";

/** What breaks each rule about what a container shares with its host. */
export const HOST_ROWS: readonly Row[] = [
  {
    rule: "enclosed-containers-ask-no-name-server",
    breaks: [
      [on("postgres", "dns", undefined), "postgres: it asks the host's name servers"],
      [on("odoo-init", "dns", ["127.0.0.1", "9.9.9.9"]), "odoo-init: it asks 127.0.0.1, 9.9.9.9"],
    ],
    holds: [
      all(on("postgres", "dns", undefined), on("postgres", "networksAdvanced", [])),
      all(
        on("postgres", "dns", undefined),
        on("postgres", "networksAdvanced.1", { name: "odoo-platform-prod-egress" }),
      ),
    ],
    unknown: [on("postgres", "dns", UNKNOWN), "postgres"],
  },
  {
    rule: "containers-drop-all-capabilities",
    breaks: [
      [on("odoo", "capabilities", undefined), "odoo: capabilities.drops is [] and must hold ALL"],
      [on("odoo", "capabilities.drops", ["NET_RAW"]), "odoo: capabilities.drops is [NET_RAW] and must hold ALL"],
    ],
    unknown: [on("odoo", "capabilities", UNKNOWN), "odoo"],
  },
  {
    rule: "containers-add-listed-capabilities-only",
    breaks: [
      [
        on("odoo", "capabilities.adds", ["CAP_NET_BIND_SERVICE"]),
        "odoo: capability NET_BIND_SERVICE is not on the list of odoo",
      ],
      [on("edge", "capabilities.adds", ["SYS_ADMIN"]), "edge: capability SYS_ADMIN is not on the list of edge"],
    ],
    holds: [on("edge", "capabilities.adds", ["NET_BIND_SERVICE"])],
    unknown: [on("edge", "capabilities.adds.0", UNKNOWN), "edge"],
  },
  {
    rule: "containers-are-not-privileged",
    breaks: [[on("odoo", "privileged", true), "odoo: privileged is true"]],
    holds: [on("odoo", "privileged", false)],
    unknown: [on("odoo", "privileged", UNKNOWN), "odoo"],
  },
  {
    rule: "containers-see-no-folder-of-the-host",
    breaks: [
      [on("odoo", "volumes.0", { hostPath: "/etc", containerPath: "/host" }), "odoo: /etc of the host is mounted"],
      [on("odoo", "mounts", [{ type: "bind", source: "/", target: "/host" }]), "odoo: / of the host is mounted"],
      [on("odoo", "devices", [{ hostPath: "/dev/sda" }]), "odoo: /dev/sda of the host is mounted"],
      [on("odoo", "mounts", [{ type: "bind", target: "/host" }]), "odoo:  of the host is mounted"],
    ],
    holds: [on("odoo", "mounts", [{ type: "tmpfs", target: "/x" }])],
    unknown: [on("odoo", "mounts", [{ type: UNKNOWN }]), "odoo"],
  },
  {
    rule: "containers-see-no-docker-socket",
    breaks: [
      [
        on("odoo", "volumes.0", { hostPath: "/var/run/docker.sock", containerPath: "/s" }),
        "odoo: /var/run/docker.sock gives the Docker socket away",
      ],
      [
        on("odoo", "mounts", [{ type: "bind", source: "/run", target: "/r" }]),
        "odoo: /run gives the Docker socket away",
      ],
    ],
    unknown: [on("odoo", "volumes.0", { hostPath: UNKNOWN, containerPath: "/s" }), "odoo"],
  },
  {
    rule: "containers-run-no-ssh",
    breaks: [
      [on("odoo", "command", ["/usr/sbin/sshd", "-D"]), "odoo: its command runs /usr/sbin/sshd"],
      [on("odoo", "entrypoints", ["dropbear"]), "odoo: its command runs dropbear"],
      [on("odoo", "image", "linuxserver/openssh-server:1"), "odoo: its image openssh-server is an SSH server"],
      [on("edge", "ports.0.internal", 22), "edge: port 22 is published"],
    ],
    unknown: [on("odoo", "command", UNKNOWN), "odoo"],
  },
  {
    rule: "low-ports-are-the-edges",
    breaks: [
      [on("odoo", "ports", [{ internal: 8069, external: 80, ip: "127.0.0.1" }]), "odoo: port 80 is published by odoo"],
      [on("odoo", "ports", [{ internal: 8069 }]), "odoo: port 0 is published by odoo"],
    ],
    holds: [on("odoo", "ports", [{ internal: 8069, external: 8069, ip: "127.0.0.1" }])],
    unknown: [on("odoo", "ports", [{ internal: 8069, external: UNKNOWN }]), "odoo"],
  },
  {
    rule: "only-the-edge-publishes",
    breaks: [
      [
        on("postgres", "ports", [{ internal: 5432, external: 5432, ip: "127.0.0.1" }]),
        "postgres: postgres publishes 1 ports",
      ],
      [on("odoo", "publishAllPorts", true), "odoo: publishAllPorts is true"],
      // Without its label it is what it is named.
      [all(on("odoo", "labels", []), on("odoo", "ports", [{ internal: 1 }])), "odoo: odoo publishes 1 ports"],
    ],
    unknown: [on("odoo", "ports", UNKNOWN), "odoo"],
  },
  {
    rule: "containers-stay-off-the-hosts-network",
    breaks: [
      [on("odoo", "networkMode", "host"), "odoo: networkMode is host"],
      [on("odoo", "networkMode", "container:x"), "odoo: networkMode is container:x"],
    ],
    holds: [on("odoo", "networkMode", undefined)],
    unknown: [on("odoo", "networkMode", UNKNOWN), "odoo"],
  },
  {
    rule: "containers-limit-memory",
    breaks: [
      [on("odoo", "memory", undefined), "odoo: memory is not set"],
      [on("odoo", "memory", 4), "odoo: memory is 4 MiB, below what Docker takes"],
    ],
    unknown: [on("odoo", "memory", UNKNOWN), "odoo"],
  },
  {
    rule: "containers-do-not-swap",
    breaks: [
      [on("odoo", "memorySwap", undefined), "odoo: memorySwap is not set, memory 16384"],
      [on("odoo", "memorySwap", -1), "odoo: memorySwap is -1, memory 16384"],
      [on("odoo", "memory", undefined), "odoo: memorySwap is 16384, memory not set"],
    ],
    unknown: [on("odoo", "memorySwap", UNKNOWN), "odoo"],
  },
  {
    rule: "containers-limit-cpu",
    breaks: [
      [on("odoo", "cpus", undefined), "odoo: cpus is not set, or 0, which is no limit"],
      [on("odoo", "cpus", "0"), "odoo: cpus is not set, or 0, which is no limit"],
    ],
    unknown: [on("odoo", "cpus", UNKNOWN), "odoo"],
  },
  {
    rule: "containers-have-a-read-only-root",
    breaks: [
      [on("odoo", "readOnly", false), "odoo: readOnly is not true"],
      [on("edge", "readOnly", undefined), "edge: readOnly is not true"],
      [on("odoo-secrets", "start", true), "odoo-secrets: readOnly is not true"],
    ],
    unknown: [on("odoo", "readOnly", UNKNOWN), "odoo"],
  },
  {
    rule: "ports-name-an-address",
    breaks: [
      [on("edge", "ports.0.ip", undefined), "edge: port 443 is published on no named address"],
      [on("edge", "ports.0.external", 8443), "edge: port 8443 is published on 0.0.0.0"],
      [on("edge", "ports.0", { internal: 443 }), "edge: port chosen by Docker is published on no named address"],
    ],
    holds: [on("edge", "ports.0", { internal: 8443, external: 8443, ip: "127.0.0.1" })],
    unknown: [on("edge", "ports.0.ip", UNKNOWN), "edge"],
  },
];
