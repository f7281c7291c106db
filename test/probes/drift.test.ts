import type { ContainerInspectInfo } from "dockerode";
import { describe, expect, it } from "vitest";

import { type PlannedResource, textOf } from "../../plan/plan.ts";
import { findDrift } from "../../probes/drift.ts";
import type { Inspected } from "../../probes/inspect.ts";
import { containerIn, coreOf } from "../harness/plans.ts";

type Found = ContainerInspectInfo;

/** What the Engine says of a container that is as planned. */
function asPlanned({ inputs }: PlannedResource): Inspected {
  const get = <T>(key: string) => inputs[key] as T;
  const job = inputs["mustRun"] === false;
  const networks = get<{ name: string }[] | undefined>("networksAdvanced") ?? [{ name: "none" }];
  const ports = get<{ internal: number; external: number; ip: string }[] | undefined>("ports") ?? [];
  const container = {
    Image: "sha256:1111",
    Mounts: get<{ volumeName: string; containerPath: string; readOnly?: boolean }[]>("volumes").map((mount) => ({
      Name: mount.volumeName,
      Destination: mount.containerPath,
      RW: mount.readOnly !== true,
    })),
    State: job ? { Status: "exited", ExitCode: 0 } : { Status: "running", Health: { Status: "healthy" } },
    Config: {
      Image: get("image"),
      User: get("user"),
      Cmd: get("command"),
      Env: ["PATH=/bin", ...get<string[]>("envs")],
      Healthcheck: job ? undefined : { Test: get<{ tests: string[] }>("healthcheck").tests },
    },
    HostConfig: {
      Dns: get<string[] | undefined>("dns") ?? [],
      Memory: get<number>("memory") * 1024 ** 2,
      MemorySwap: get<number>("memorySwap") * 1024 ** 2,
      NanoCpus: Number(get("cpus")) * 1e9,
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      CapAdd: get<{ adds: string[] }>("capabilities").adds,
      SecurityOpt: get("securityOpts"),
      Tmpfs: get("tmpfs"),
      RestartPolicy: { Name: get("restart") },
      LogConfig: { Type: get("logDriver"), Config: get("logOpts") },
      PortBindings: Object.fromEntries(
        ports.map(({ internal, external, ip }) => [`${internal}/tcp`, [{ HostIp: ip, HostPort: String(external) }]]),
      ),
    },
    NetworkSettings: { Networks: Object.fromEntries(networks.map(({ name }) => [name, {}])) },
  };
  const image = { Id: "sha256:1111", Config: { Env: ["PATH=/bin"], Volumes: { "/mnt/extra-addons": {} } } };
  return { container: container as unknown as Found, image: image as unknown as NonNullable<Inspected["image"]> };
}

const plan = await coreOf("dev");
const IMAGE = textOf(containerIn(plan, "postgres"), "image");

/** The drift of a service of dev after its container was altered. */
function driftOf(name: string, alter: (container: Found) => void): string[] {
  const planned = containerIn(plan, name);
  const inspected = asPlanned(planned);
  if (inspected.container !== undefined) alter(inspected.container);
  return findDrift(planned, inspected);
}

describe("a container", () => {
  it.each(["postgres", "postgres-init", "odoo-init", "odoo", "edge"])("%s that is as planned has no drift", (name) => {
    expect(driftOf(name, () => undefined)).toEqual([]);
  });

  it.each<[string, (container: Found) => unknown, string]>([
    ["runs as root", ({ Config }) => (Config.User = ""), 'user is "", planned "999:999"'],
    ["is stopped", ({ State }) => (State.Status = "exited"), "is exited"],
    [
      "is unhealthy",
      ({ State }) => (State.Health = { Status: "unhealthy", FailingStreak: 9, Log: [] }),
      "is unhealthy",
    ],
    ["has no health check", ({ State }) => delete State.Health, "is without a health check"],
    [
      "runs from another tag",
      (container) => {
        container.Image = "sha256:2222";
        container.Config.Image = "postgres:latest";
      },
      `runs from postgres:latest, planned ${IMAGE}`,
    ],
    [
      "runs from what the tag was before",
      (container) => (container.Image = "sha256:2222"),
      `runs from sha256:2222, which ${IMAGE} no longer is`,
    ],
    [
      "has more memory",
      ({ HostConfig }) => (HostConfig.Memory = 2 ** 31),
      `memory limit is ${2 ** 31}, planned ${768 * 1024 ** 2}`,
    ],
    [
      "may swap",
      ({ HostConfig }) => (HostConfig.MemorySwap = -1),
      `memory and swap limit is -1, planned ${768 * 1024 ** 2}`,
    ],
    ["has no cpu limit", ({ HostConfig }) => (HostConfig.NanoCpus = 0), "cpu limit is 0, planned 2"],
    [
      "can write its root",
      ({ HostConfig }) => (HostConfig.ReadonlyRootfs = false),
      "read-only root is false, planned true",
    ],
    ["is privileged", ({ HostConfig }) => (HostConfig.Privileged = true), "privileged is true, planned false"],
    [
      "keeps capabilities",
      ({ HostConfig }) => (HostConfig.CapDrop = []),
      'dropped capabilities is [], planned ["ALL"]',
    ],
    [
      "got a capability",
      ({ HostConfig }) => (HostConfig.CapAdd = ["CAP_SYS_ADMIN"]),
      'added capabilities is ["SYS_ADMIN"], planned []',
    ],
    [
      "may gain privileges",
      ({ HostConfig }) => (HostConfig.SecurityOpt = []),
      'security options is [], planned ["no-new-privileges:true"]',
    ],
    [
      "publishes its port",
      ({ HostConfig }) => (HostConfig.PortBindings = { "5432/tcp": [{ HostIp: "0.0.0.0", HostPort: "5432" }] }),
      'published ports is ["0.0.0.0:5432→5432/tcp"], planned []',
    ],
    [
      "is on another network",
      ({ NetworkSettings }) => Object.assign(NetworkSettings.Networks, { bridge: {} }),
      'networks is ["bridge","odoo-platform-dev-data"], planned ["odoo-platform-dev-data"]',
    ],
    [
      "has another setting",
      ({ Config }) => (Config.Env = ["PATH=/bin", "ODOO_DB_NAME=other"]),
      "environment differs in ODOO_DB_NAME",
    ],
    [
      "has a variable that nobody planned",
      ({ Config }) => Config.Env.push("PGPASSWORD=x"),
      "environment has PGPASSWORD, which is not planned",
    ],
    [
      "holds the Engine's socket",
      ({ Mounts }) =>
        Mounts.push({ Source: "/var/run/docker.sock", Destination: "/var/run/docker.sock", RW: true } as never),
      "/var/run/docker.sock at /var/run/docker.sock",
    ],
    [
      "restarts never",
      ({ HostConfig }) => (HostConfig.RestartPolicy = { Name: "no" }),
      'restart policy is "no", planned "unless-stopped"',
    ],
  ])("that %s drifts", (_what, alter, fault) => {
    const drift = driftOf("postgres", (container) => void alter(container));
    expect(drift.join("; ")).toContain(fault);
    expect(drift).toHaveLength(1);
  });

  it("that isn't there says so, and so does a missing image", () => {
    const planned = containerIn(plan, "postgres");
    expect(findDrift(planned, { ...asPlanned(planned), container: undefined })).toEqual(["is not there"]);
    expect(findDrift(planned, { ...asPlanned(planned), image: undefined })).toEqual([
      `its image ${IMAGE} is not there`,
    ]);
  });

  it("that is a job must have ended well", () => {
    expect(driftOf("odoo-init", ({ State }) => (State.ExitCode = 3))).toEqual(["is a job that ended with exit code 3"]);
    expect(driftOf("odoo-init", ({ State }) => (State.Status = "running"))).toEqual(["is a job that is running"]);
  });

  it("may get its secrets in a volume or file by file, and volumes that its image asks for", () => {
    const drift = driftOf("odoo", (container) => {
      const files = ["odoo-db-password", "odoo-master-password"].map((name) => `/run/secrets/${name}`);
      container.Mounts = [
        ...container.Mounts.filter(({ Destination }) => Destination !== "/run/secrets"),
        ...files.map((path) => ({ Source: `/srv${path}`, Destination: path, RW: false })),
        { Name: "f".repeat(64), Destination: "/mnt/extra-addons", RW: true },
      ] as never;
    });
    expect(drift).toEqual([]);
  });

  it("that lost its secrets drifts", () => {
    const drift = driftOf("odoo", (container) => {
      container.Mounts = container.Mounts.filter(({ Destination }) => Destination !== "/run/secrets");
    });
    expect(drift.join()).toMatch(/^mounts is .*planned .*"secrets \(read-only\)"/);
  });
});
