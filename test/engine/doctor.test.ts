import { describe, expect, it, test } from "vitest";

import {
  type Finding,
  halves,
  judgeBundle,
  judgeCompose,
  judgeDisk,
  judgeDockerCli,
  judgeEngine,
  judgeImageSource,
  judgeNode,
  judgePulumi,
} from "../../engine/doctor.ts";

const GIB = 1024 ** 3;

/** Level, finding and mend, as a reader sees them. */
function read({ level, finding, mend = "" }: Finding): [string, string, string] {
  return [level, finding, mend];
}

describe("node", () => {
  it("holds at the least version", () => {
    expect(read(judgeNode("20.19.0", ">=20.19"))).toEqual(["ok", "Node 20.19.0", ""]);
  });

  it("fails below it", () => {
    const [level, finding, mend] = read(judgeNode("20.18.3", ">=20.19"));
    expect([level, finding]).toEqual(["fail", "Node 20.18.3 is too old; 20.19 or newer is needed"]);
    expect(mend).toContain("install a newer Node.js");
  });
});

describe("docker-engine", () => {
  it("holds when it answers", () => {
    expect(read(judgeEngine({ version: "28.2.2" }))).toEqual(["ok", "Docker Engine 28.2.2 answers", ""]);
  });

  it("fails when it is too old", () => {
    const [level, finding, mend] = read(judgeEngine({ version: "19.03.15" }));
    expect([level, finding]).toEqual(["fail", "Docker Engine 19.03.15 is too old; 20.10 or newer is needed"]);
    expect(mend).toContain("docker.io");
  });

  it.each([
    ["not installed", "There is no Docker Engine on this machine", "apt-get install docker.io"],
    ["not running", "The Docker Engine is installed but does not run", "systemctl start docker"],
    ["no rights", "This user may not use the Docker Engine", "usermod -aG docker $USER"],
    ["unreachable", "does not answer (connect ECONNREFUSED)", "Unset DOCKER_HOST"],
  ] as const)("fails when it is %s, and says how that is mended", (problem, expected, mended) => {
    const [level, finding, mend] = read(judgeEngine({ problem, detail: "connect ECONNREFUSED" }));
    expect(level).toBe("fail");
    expect(finding).toContain(expected);
    expect(mend).toContain(mended);
  });
});

test("docker-cli: warns when there is none", () => {
  expect(judgeDockerCli(true).level).toBe("ok");
  expect(judgeDockerCli(false)).toMatchObject({ level: "warn", mend: "sudo apt-get install docker-cli" });
});

test.each([
  [{ plugin: "2.26.1" }, "docker compose 2.26.1"],
  [{ plugin: "2.19.0", standalone: "2.30.0" }, "docker-compose 2.30.0"],
  [{ standalone: "1.29.2" }, "Docker Compose runs from the tools image: 1.29.2 is too old"],
  [{}, "Docker Compose runs from the tools image: there is none here"],
])("compose %j: %s", (facts, expected) => {
  expect(read(judgeCompose(facts))).toEqual(["ok", expected, ""]);
});

describe("pulumi", () => {
  const facts = {
    cli: { path: "/usr/bin/pulumi", version: "3.248.0" },
    wanted: ["docker-v5.2.0", "random-v4.21.2"],
    present: ["docker-v5.2.0", "random-v4.21.2"],
    madeWith: undefined,
    stack: "dev",
  };

  it("holds with its plugins, and without a CLI", () => {
    expect(read(judgePulumi(facts))).toEqual(["ok", "Pulumi 3.248.0 at /usr/bin/pulumi", ""]);
    expect(judgePulumi({ ...facts, cli: undefined }).level).toBe("ok");
    expect(judgePulumi({ ...facts, cli: undefined, madeWith: "compose" }).level).toBe("ok");
  });

  it("warns of plugins that have to be downloaded", () => {
    const [level, finding, mend] = read(judgePulumi({ ...facts, present: ["docker-v5.2.0"] }));
    expect(level).toBe("warn");
    expect(finding).toContain("without the plugins random-v4.21.2");
    expect(mend).toBe("pulumi plugin install resource random 4.21.2");
  });

  it("fails when the stack was made with it and the CLI is gone", () => {
    const [level, finding] = read(judgePulumi({ ...facts, cli: undefined, madeWith: "pulumi" }));
    expect([level, finding]).toEqual([
      "fail",
      "stack dev was made with Pulumi, whose CLI is gone (looked on PATH and in ~/.pulumi)",
    ]);
  });
});

describe("images", () => {
  const away = { inReach: false, why: "no such host" } as const;
  const near = { inReach: true } as const;
  const facts = { source: "auto", registry: near, missing: [], stack: "dev" } as const;

  it.each([
    [facts, "bases come from an image registry; all images are there"],
    [{ ...facts, missing: ["a:1", "b:2"] }, "bases come from an image registry; to be built: a:1, b:2"],
    [
      { ...facts, registry: away, missing: ["a:1"] },
      "bases are built from Debian's packages, since no image registry is in reach (no such host); to be built: a:1",
    ],
    [
      { ...facts, source: "debian" as const },
      "bases are built from Debian's packages, as images.source says; all images are there",
    ],
    // What is there is not made again.
    [
      { ...facts, registry: away, obstacle: "making Debian's base needs root" },
      "bases are built from Debian's packages, since no image registry is in reach (no such host); all images are there",
    ],
  ])("hold: %#", (given, expected) => {
    expect(read(judgeImageSource(given))).toEqual(["ok", expected, ""]);
  });

  it("fail when the base can't be made", () => {
    const obstacle = "making Debian's base needs root";
    const [level, finding, mend] = read(judgeImageSource({ ...facts, registry: away, missing: ["a:1"], obstacle }));
    expect(level).toBe("fail");
    expect(finding).toContain(obstacle);
    expect(mend).toBe("sudo npm run platform -- images --stack dev");
  });

  it("fail, or warn, when a registry is asked for and none is in reach", () => {
    const [level, finding, mend] = read(
      judgeImageSource({ ...facts, source: "registry", registry: away, missing: ["a:1"] }),
    );
    expect(level).toBe("fail");
    expect(finding).toContain("no image registry is in reach (no such host)");
    expect(mend).toContain("images.source: debian in Pulumi.dev.yaml");
    expect(judgeImageSource({ ...facts, source: "registry", registry: away }).level).toBe("warn");
  });
});

describe("host-ca", () => {
  it.each([[{}], [{ path: "/etc/ca.pem" }], [{ path: "/etc/ca.pem", holdsCertificate: true }]])(
    "holds: %j",
    (bundle) => {
      expect(judgeBundle(bundle).level).toBe("ok");
    },
  );

  it("fails for a bundle that holds no certificate", () => {
    const [level, finding] = read(judgeBundle({ path: "/etc/ca.der", holdsCertificate: false }));
    expect([level, finding]).toEqual(["fail", "the CA bundle /etc/ca.der holds no certificate in PEM"]);
  });

  it("fails for a bundle that isn't there", () => {
    const fault = "The CA bundle /gone that the environment names does not exist. Unset SSL_CERT_FILE.";
    expect(read(judgeBundle({ fault }))).toEqual([
      "fail",
      "The CA bundle /gone that the environment names does not exist",
      "Unset SSL_CERT_FILE.",
    ]);
  });
});

describe("disk", () => {
  it.each([
    [3 * GIB, false, "ok"],
    [2.5 * GIB, false, "warn"],
    [1.9 * GIB, false, "fail"],
    [15 * GIB, true, "ok"],
    [11 * GIB, true, "warn"],
    [9.9 * GIB, true, "fail"],
  ])("%d bytes free, building %s: %s", (freeBytes, building, expected) => {
    const { level, mend } = judgeDisk({ folder: "/var/lib/docker", freeBytes, building });
    expect(level).toBe(expected);
    expect(mend?.startsWith("docker system df") ?? false).toBe(expected !== "ok");
  });

  it("warns when it can't be seen", () => {
    expect(judgeDisk({ folder: "/var/lib/docker", freeBytes: undefined, building: false })).toMatchObject({
      level: "warn",
      finding: "/var/lib/docker can't be seen from here",
    });
  });
});

test("a fault's message is split into what is wrong and what mends it", () => {
  expect(halves("In use: 127.0.0.1:8443. Stop it. Or don't.")).toEqual([
    "In use: 127.0.0.1:8443",
    "Stop it. Or don't.",
  ]);
  expect(halves("no second half")).toEqual(["no second half", ""]);
});
