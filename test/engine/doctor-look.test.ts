import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type Docker from "dockerode";
import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";

import {
  isRemote,
  lookAtBundle,
  lookAtHost,
  lookAtImages,
  lookAtPulumi,
  lookAtRoom,
  lookAtSecrets,
  nodeRange,
} from "../../engine/doctor-look.ts";
import { coreOf, inputsOf, ROOT } from "../harness/plans.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "odoo-platform-doctor-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

/** An Engine that has these images, and whose registry answers as told. It stands in for the Engine's API alone. */
function engine({ has = [], registry }: { has?: readonly string[]; registry?: Error }): Docker {
  const getImage = (ref: string) => ({
    inspect: () =>
      has.includes(ref)
        ? Promise.resolve({})
        : Promise.reject(Object.assign(new Error("no such image"), { statusCode: 404 })),
    distribution: () => (registry === undefined ? Promise.resolve({}) : Promise.reject(registry)),
  });
  return { getImage } as unknown as Docker;
}

describe("images", () => {
  it("are missing when the Engine has none, and a registry in reach has the base", async () => {
    const plan = await coreOf("dev");
    const facts = await lookAtImages(engine({}), inputsOf("dev"), plan);
    expect(facts).toMatchObject({ source: "auto", registry: { inReach: true }, stack: "dev" });
    expect(facts.missing.map((ref) => ref.split(":")[0])).toEqual([
      "odoo-platform/edge",
      "odoo-platform/odoo",
      "odoo-platform/postgres",
    ]);
  });

  it("have no registry when it doesn't answer; the cause is the last thing that the Engine says", async () => {
    const registry = new Error(
      'server error - Get "https://registry.example/v2/": dial tcp: lookup registry.example: no such host\n',
    );
    const facts = await lookAtImages(engine({ registry }), inputsOf("dev"), await coreOf("dev"));
    expect(facts.registry).toEqual({ inReach: false, why: "no such host" });
  });
});

test("room: jobs and what only carries secrets don't count, other stacks do", async () => {
  const plan = await coreOf("dev");
  const label = (stack: string) => ({ Labels: { "odoo-platform.stack": `odoo-platform-${stack}` } });
  const docker = {
    listContainers: () =>
      Promise.resolve([
        { Id: "own", ...label("dev") },
        { Id: "other", ...label("staging") },
        { Id: "gone", ...label("staging") },
      ]),
    getContainer: (id: string) => ({
      inspect: () =>
        id === "gone"
          ? Promise.reject(new Error("gone"))
          : Promise.resolve({ HostConfig: { Memory: 512 * 1024 ** 2 } }),
    }),
  } as unknown as Docker;
  const room = await lookAtRoom(docker, plan, { memoryMiB: 8192, cpus: 4, folder: "/", freeBytes: 0 });
  const asked = Object.fromEntries(room.services.map(({ service, memoryMiB }) => [service, memoryMiB]));
  expect(asked).toEqual({ postgres: 768, "postgres-init": 0, odoo: 2048, "odoo-init": 0, edge: 256 });
  expect(room).toMatchObject({ stack: "dev", othersMiB: 512, totalMiB: 8192, totalCpus: 4 });
});

describe("host", () => {
  const docker = (DockerRootDir: string) =>
    ({ info: () => Promise.resolve({ MemTotal: 2 * 1024 ** 3, NCPU: 2, DockerRootDir }) }) as unknown as Docker;

  it("tells what is free where the Engine keeps its data", async () => {
    const found = await lookAtHost(docker(folder));
    expect(found).toMatchObject({ memoryMiB: 2048, cpus: 2, folder });
    expect(found.freeBytes).toBeGreaterThan(0);
  });

  it("doesn't when that can't be seen from here", async () => {
    expect((await lookAtHost(docker(join(folder, "absent")))).freeBytes).toBeUndefined();
    vi.stubEnv("DOCKER_HOST", "tcp://elsewhere.example:2376");
    expect((await lookAtHost(docker(folder))).freeBytes).toBeUndefined();
  });
});

test.each([
  [undefined, false],
  ["", false],
  ["unix:///run/user/1000/docker.sock", false],
  ["tcp://127.0.0.1:2375", false],
  ["tcp://localhost:2375", false],
  ["ssh://operator@erp.example.com", true],
  ["tcp://192.0.2.7:2376", true],
])("DOCKER_HOST=%s is on another host: %s", (DOCKER_HOST, expected) => {
  expect(isRemote(DOCKER_HOST === undefined ? {} : { DOCKER_HOST })).toBe(expected);
});

describe("host-ca", () => {
  it.each([
    ["-----BEGIN CERTIFICATE-----\n…", true],
    ["binary", false],
  ])("tells whether %j holds a certificate", (content, holdsCertificate) => {
    const path = join(folder, "ca.pem");
    writeFileSync(path, content);
    vi.stubEnv("SSL_CERT_FILE", path);
    expect(lookAtBundle()).toEqual({ path, holdsCertificate });
  });

  it("is nothing when none is named, and a fault when it isn't there", () => {
    vi.stubEnv("SSL_CERT_FILE", undefined);
    vi.stubEnv("NODE_EXTRA_CA_CERTS", undefined);
    expect(lookAtBundle()).toEqual({});
    vi.stubEnv("SSL_CERT_FILE", join(folder, "absent"));
    expect(lookAtBundle().fault).toContain("does not exist");
  });
});

test("secrets: the folder's mode and each file's length; nothing where Pulumi keeps them", async () => {
  const plan = await coreOf("dev");
  expect(lookAtSecrets(folder, plan)).toBeUndefined();
  const secrets = join(folder, ".platform/dev/secrets");
  mkdirSync(secrets, { recursive: true });
  chmodSync(secrets, 0o750);
  writeFileSync(join(secrets, "odoo-db-password"), "short");
  expect(lookAtSecrets(folder, plan)).toMatchObject({
    folder: ".platform/dev/secrets",
    mode: 0o750,
    lengths: { "odoo-db-password": 5, "odoo-master-password": undefined },
    stack: "dev",
  });
});

test("pulumi: the plugins are the versions of package.json", async () => {
  vi.stubEnv("PULUMI_HOME", folder);
  mkdirSync(join(folder, "plugins/resource-docker-v0.0.1"), { recursive: true });
  const { wanted, present, madeWith } = await lookAtPulumi(ROOT, "a-stack-that-was-never-made");
  expect(wanted).toEqual([
    expect.stringMatching(/^docker-v\d+\.\d+\.\d+$/),
    expect.stringMatching(/^random-v\d+\.\d+\.\d+$/),
  ]);
  expect({ present, madeWith }).toEqual({ present: [], madeWith: undefined });
  mkdirSync(join(folder, `plugins/resource-${wanted[0] ?? ""}`));
  expect((await lookAtPulumi(ROOT, "a-stack-that-was-never-made")).present).toEqual([wanted[0]]);
});

test("node: the range of package.json", () => {
  expect(nodeRange(ROOT)).toMatch(/^>=\d+(\.\d+)*$/);
});
