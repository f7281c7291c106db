/** What becomes of an item of a catalogue. */
export type Treatment =
  /** A rule refuses what breaks it. */
  | { readonly rule: string }
  /** It can't be broken from here. */
  | { readonly safe: string }
  /** It is not kept, and this is why. */
  | { readonly exception: string };

export interface Item {
  readonly id: string;
  readonly title: string;
  readonly treatment: readonly Treatment[];
}

const item = (id: string, title: string, ...treatment: readonly Treatment[]): Item => ({ id, title, treatment });
const rule = (id: string): Treatment => ({ rule: id });

/** CIS Docker Benchmark, section 5 (container runtime), numbered as docker-bench-security 1.6 does. */
export const CIS_DOCKER: readonly Item[] = [
  item("5.1", "Swarm mode is off where it is not needed", {
    safe: "no resource of this program turns it on; it is the host's own setting",
  }),
  item("5.2", "AppArmor profile", rule("containers-keep-apparmor")),
  item("5.3", "SELinux options", rule("containers-keep-selinux")),
  item(
    "5.4",
    "Linux capabilities",
    rule("containers-drop-all-capabilities"),
    rule("containers-add-listed-capabilities-only"),
  ),
  item("5.5", "No privileged containers", rule("containers-are-not-privileged")),
  item("5.6", "No sensitive folders of the host", rule("containers-see-no-folder-of-the-host")),
  item("5.7", "No SSH in containers", rule("containers-run-no-ssh")),
  item("5.8", "No privileged ports", rule("low-ports-are-the-edges")),
  item("5.9", "Only needed ports are open", rule("only-the-edge-publishes")),
  item("5.10", "Not the host's network", rule("containers-stay-off-the-hosts-network")),
  item("5.11", "Memory is limited", rule("containers-limit-memory")),
  item("5.12", "CPU priority is set", rule("containers-limit-cpu")),
  item("5.13", "Root file system is read-only", rule("containers-have-a-read-only-root")),
  item("5.14", "Traffic is bound to an interface", rule("ports-name-an-address")),
  item("5.15", "Restarts on failure end after 5", rule("containers-restart-within-bounds"), {
    exception:
      "services use unless-stopped: on-failure leaves them down after the Engine restarts; health checks tell of loops",
  }),
  item("5.16", "Not the host's processes", rule("containers-have-processes-of-their-own")),
  item("5.17", "Not the host's IPC", rule("containers-have-memory-segments-of-their-own")),
  item("5.18", "No devices of the host", rule("containers-get-no-devices")),
  item("5.19", "Ulimits are set", rule("containers-limit-open-files")),
  item("5.20", "Mounts are not shared", rule("mounts-are-not-shared-with-the-host")),
  item("5.21", "Not the host's UTS namespace", {
    safe: "the provider has no input for it, and Docker's default is a namespace of its own",
  }),
  item("5.22", "Seccomp stays on", rule("containers-keep-seccomp")),
  item("5.23", "No docker exec with --privileged", {
    safe: "probes run `docker exec` without it, and no resource asks for it; what a person types is outside of a plan",
  }),
  item("5.24", "No docker exec with --user=root", {
    safe: "containers drop all capabilities and gain no privileges, so that root in them is nobody's root; what a person types is outside of a plan",
  }),
  item("5.25", "Cgroup usage is confirmed", rule("containers-keep-their-cgroup")),
  item("5.26", "No additional privileges", rule("containers-gain-no-privileges")),
  item("5.27", "Health is checked", rule("services-tell-their-health")),
  item("5.28", "The image is the one that was meant", rule("images-are-named-by-their-content")),
  item("5.29", "The number of processes is limited", {
    exception:
      "the Docker provider has no input for it; memory and swap limits end a fork bomb, and the host may set default-pids-limit",
  }),
  item("5.30", "Not Docker's default bridge", rule("containers-are-on-networks-of-the-stack")),
  item("5.31", "Not the host's users", rule("containers-stay-off-the-hosts-users")),
  item("5.32", "No Docker socket", rule("containers-see-no-docker-socket")),
];
