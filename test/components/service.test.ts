import { RunError } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";

import { Network } from "../../components/network.ts";
import { Secret } from "../../components/secret.ts";
import { cpus, duration, seldomOnceWell } from "../../components/container-options.ts";
import { Service, type ServiceSettings, settleService } from "../../components/service.ts";
import type { PlannedResource, PlanValue } from "../../plan/plan.ts";
import { TYPES } from "../../plan/plan.ts";
import { register } from "../harness/register.ts";

const JOB: ServiceSettings = {
  service: "web",
  user: "1000:1001",
  command: ["serve", "--now"],
  env: { MODE: "plain" },
  memoryMiB: 128,
  cpus: 1.5,
  tmpfs: { "/tmp": "rw,noexec" },
  job: true,
};
const SETTINGS: ServiceSettings = { ...JOB, job: false, healthcheck: { command: ["check", "me"] } };

describe("refusals", () => {
  test.each<[Partial<ServiceSettings>, string]>([
    [{ user: "0:0" }, "web: user must be a numeric uid:gid, not root; got 0:0"],
    [{ user: "1000:0" }, "web: user must be a numeric uid:gid, not root; got 1000:0"],
    [{ user: "0:1000" }, "web: user must be a numeric uid:gid, not root; got 0:1000"],
    [{ user: "1000" }, "web: user must be a numeric uid:gid, not root; got 1000"],
    [{ user: "odoo:odoo" }, "web: user must be a numeric uid:gid, not root; got odoo:odoo"],
    [{ user: "" }, "web: user must be a numeric uid:gid, not root; got "],
    [{ memoryMiB: 15 }, "web: memoryMiB must be at least 16; got 15"],
    [{ memoryMiB: 0 }, "web: memoryMiB must be at least 16; got 0"],
    [{ cpus: 0 }, "web: cpus must be at least 0.01, since 0 is no limit; got 0"],
    [{ cpus: -1 }, "web: cpus must be at least 0.01, since 0 is no limit; got -1"],
  ])("%j", (change, sentence) => {
    expect(() => settleService({ ...SETTINGS, ...change })).toThrow(new RunError(sentence));
  });

  test("a service without a health check", () => {
    expect(() => settleService({ ...JOB, job: false })).toThrow(
      new RunError("web: a service needs a healthcheck; a one-shot job sets job: true"),
    );
  });

  test("but not a job without one", () => {
    expect(settleService(JOB)).toEqual(JOB);
  });

  test("nothing is registered for settings that are refused", async () => {
    const refused = () => {
      const args = { settings: { ...SETTINGS, user: "0:0" }, prefix: "lab", image: "x", networks: [] };
      expect(() => new Service("web", args)).toThrow("not root");
    };
    expect((await register(refused)).resources.map(({ type }) => type)).toEqual([TYPES.stack]);
  });
});

test.each([
  [5, "5s"],
  [59, "59s"],
  [60, "1m0s"],
  [90, "1m30s"],
  [3600, "1h0m0s"],
  [3725, "1h2m5s"],
])("%i seconds are %s, as the provider reads them back", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test.each([
  [2, "2.0"],
  [1.5, "1.5"],
  [0.25, "0.25"],
])("%d cpus are %s, as the provider reads them back", (count, text) => {
  expect(cpus(count)).toBe(text);
});

async function containersOf(program: () => unknown): Promise<{ [name: string]: PlannedResource }> {
  const { resources } = await register(program);
  return Object.fromEntries(
    resources.filter(({ type }) => type === TYPES.container).map((found) => [found.name, found]),
  );
}

function inputOf(container: PlannedResource | undefined, input: string): PlanValue | undefined {
  return container?.inputs[input];
}

describe("the container", () => {
  test("of a service, whole", async () => {
    const { web } = await containersOf(() => {
      const network = new Network("front", { prefix: "lab", internal: true });
      const ports = [{ port: 8443, address: "127.0.0.1" }];
      const settings = { ...SETTINGS, addCapabilities: ["NET_BIND_SERVICE"], ports };
      return new Service("web", { prefix: "lab", image: "img:1", settings, networks: [{ network, aliases: ["www"] }] });
    });
    expect(web?.inputs).toEqual({
      name: "lab-web",
      hostname: "web",
      image: "img:1",
      user: "1000:1001",
      command: ["serve", "--now"],
      envs: ["MODE=plain"],
      labels: [
        { label: "odoo-platform.stack", value: "lab" },
        { label: "odoo-platform.service", value: "web" },
        { label: "odoo-platform.healthcheck", value: expect.stringMatching(/^[0-9a-f]{12}$/) as unknown },
      ],
      networkMode: "bridge",
      networksAdvanced: [{ name: "lab-front", aliases: ["web", "www"] }],
      dns: ["127.0.0.1"],
      volumes: [],
      readOnly: true,
      tmpfs: { "/tmp": "rw,noexec" },
      init: true,
      capabilities: { drops: ["ALL"], adds: ["CAP_NET_BIND_SERVICE"] },
      securityOpts: ["no-new-privileges:true"],
      memory: 128,
      memorySwap: 128,
      cpus: "1.5",
      shmSize: 64,
      ulimits: [{ name: "nofile", soft: 8192, hard: 8192 }],
      logDriver: "json-file",
      logOpts: { "max-size": "10m", "max-file": "3" },
      stopTimeout: 30,
      destroyGraceSeconds: 30,
      stopSignal: "SIGTERM",
      ports: [{ internal: 8443, external: 8443, ip: "127.0.0.1" }],
      restart: "unless-stopped",
      wait: true,
      // As long as it takes to be unhealthy: 60 + 6 × (5 + 5), and some.
      waitTimeout: 150,
      healthcheck: {
        tests: ["CMD", ...seldomOnceWell(["check", "me"], 5)],
        interval: "5s",
        timeout: "21s",
        retries: 6,
        startPeriod: "1m0s",
      },
    });
  });

  test("is replaced, and only it, when its health check is another one", async () => {
    const digest = async (intervalSeconds: number) => {
      const settings = { ...SETTINGS, healthcheck: { command: ["check"], intervalSeconds } };
      const { web } = await containersOf(
        () => new Service("web", { prefix: "lab", image: "x", settings, networks: [] }),
      );
      return (inputOf(web, "labels") as { label: string; value: string }[]).find(({ label }) =>
        label.endsWith("healthcheck"),
      );
    };
    expect(await digest(60)).not.toEqual(await digest(61));
    expect(await digest(60)).toEqual(await digest(60));
  });

  test("is on no network where it needs none", async () => {
    const { web } = await containersOf(
      () => new Service("web", { prefix: "lab", image: "x", settings: SETTINGS, networks: [] }),
    );
    expect(inputOf(web, "networkMode")).toBe("none");
    expect(inputOf(web, "networksAdvanced")).toBeUndefined();
  });

  test("of a job runs to its end, once", async () => {
    const { web } = await containersOf(
      () => new Service("web", { prefix: "lab", image: "x", settings: JOB, networks: [] }),
    );
    expect(web?.inputs).toMatchObject({ attach: true, mustRun: false, logs: true, restart: "no" });
    expect(inputOf(web, "healthcheck")).toBeUndefined();
  });

  test("of what comes after a job hangs on the job and on its exit code", async () => {
    const { web } = await containersOf(() => {
      const common = { prefix: "lab", image: "x", networks: [] };
      const job = new Service("prepare", { ...common, settings: { ...JOB, service: "prepare" } });
      return new Service("web", { ...common, settings: SETTINGS, after: [job] });
    });
    expect(web?.dependencies).toEqual([
      "urn:pulumi:test::lab::odoo-platform:docker:Service$docker:index/container:Container::prepare",
    ]);
    expect(inputOf(web, "labels")).toContainEqual({ label: "odoo-platform.after.prepare", value: "0" });
  });

  test("stops before who has to run for as long as it does", async () => {
    const { web } = await containersOf(() => {
      const common = { prefix: "lab", image: "x", networks: [] };
      const receiver = new Service("receiver", { ...common, settings: { ...SETTINGS, service: "receiver" } });
      return new Service("web", { ...common, settings: SETTINGS, while: [receiver] });
    });
    expect(web?.dependencies.map((urn) => urn.split("::").at(-1))).toEqual(["receiver"]);
    expect(inputOf(web, "labels")).toContainEqual({ label: "odoo-platform.while.receiver", value: "true" });
  });

  test("finds secrets as files of a volume of its own, which it can't write to", async () => {
    const containers = await containersOf(() => {
      const secrets = [new Secret("key")];
      return new Service("web", { prefix: "lab", image: "x", settings: SETTINGS, networks: [], secrets });
    });
    const mount = { containerPath: "/run/secrets", volumeName: "lab-web-secrets" };
    expect(inputOf(containers["web"], "volumes")).toEqual([{ ...mount, readOnly: true }]);
    expect(inputOf(containers["web"], "labels")).toContainEqual({
      label: "odoo-platform.secrets",
      value: "web-secrets-id",
    });
    expect(inputOf(containers["web-secrets"], "volumes")).toEqual([mount]);
  });
});
