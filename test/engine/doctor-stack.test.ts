import { describe, expect, it, test } from "vitest";

import {
  judgeCpus,
  judgeMemory,
  judgeName,
  judgePorts,
  judgeReports,
  judgeSecrets,
  type RoomFacts,
} from "../../engine/doctor-stack.ts";

const ROOM: RoomFacts = {
  stack: "dev",
  services: [
    { service: "postgres", memoryMiB: 768, cpus: 2 },
    { service: "odoo", memoryMiB: 2048, cpus: 2 },
    { service: "edge", memoryMiB: 256, cpus: 2 },
  ],
  othersMiB: 0,
  totalMiB: 4096,
  totalCpus: 2,
};

describe("memory", () => {
  it.each([
    [{}, "ok", "stack dev may take 3072 MiB; the Docker Engine's host has 4096 MiB"],
    [
      { othersMiB: 1024 },
      "ok",
      "stack dev may take 3072 MiB, other stacks up to 1024 MiB; the Docker Engine's host has 4096 MiB",
    ],
    [
      { othersMiB: 1025 },
      "warn",
      "stack dev may take 3072 MiB, other stacks up to 1025 MiB; the Docker Engine's host has 4096 MiB",
    ],
    [{ totalMiB: 3071 }, "fail", "stack dev may take 3072 MiB; the Docker Engine's host has 3071 MiB"],
  ])("%j: %s", (changes, level, finding) => {
    const found = judgeMemory({ ...ROOM, ...changes });
    expect([found.level, found.finding]).toEqual([level, finding]);
    expect(found.mend ?? "").toContain(level === "ok" ? "" : "lower memoryMiB in Pulumi.dev.yaml");
  });
});

describe("cpus", () => {
  it("holds when every container fits", () => {
    expect(judgeCpus(ROOM).level).toBe("ok");
  });

  it("fails for containers that Docker would refuse", () => {
    expect(judgeCpus({ ...ROOM, totalCpus: 1 })).toEqual({
      check: "cpus",
      level: "fail",
      finding:
        "postgres asks for 2, odoo asks for 2, edge asks for 2; the Docker Engine's host has 1, and Docker refuses such a container",
      mend: "lower cpus in Pulumi.dev.yaml",
    });
  });
});

test("ports: fail when somebody else holds one", () => {
  expect(judgePorts({ ports: [8443, 8080] })).toMatchObject({
    level: "ok",
    finding: "8443, 8080 are free, or the stack's own",
  });
  const fault = "In use by another program: 127.0.0.1:8443. Stop it (`ss -ltnp` shows it).";
  expect(judgePorts({ ports: [8443, 8080], fault })).toEqual({
    check: "ports",
    level: "fail",
    finding: "In use by another program: 127.0.0.1:8443",
    mend: "Stop it (`ss -ltnp` shows it).",
  });
});

describe("names", () => {
  const local = { host: "odoo.localhost", bindAddress: "127.0.0.1" };
  const public_ = { host: "odoo.erp.example.com", bindAddress: "0.0.0.0" };

  it.each([
    [{ ...local, addresses: ["127.0.0.1", "::1"] }, "ok"],
    [{ ...local, addresses: [] }, "warn"],
    [{ ...local, addresses: ["127.0.0.1", "192.0.2.7"] }, "fail"],
    [{ ...public_, addresses: ["192.0.2.7"] }, "ok"],
    [{ ...public_, addresses: [] }, "warn"],
  ])("%j: %s", (facts, level) => {
    expect(judgeName(facts).level).toBe(level);
  });

  it("mends an unknown local name by the address that is published", () => {
    expect(judgeName({ ...local, addresses: [] }).mend).toBe(
      "echo '127.0.0.1 odoo.localhost' | sudo tee -a /etc/hosts",
    );
    expect(judgeName({ ...local, bindAddress: "0.0.0.0", addresses: [] }).mend).toContain("127.0.0.1 odoo.localhost");
  });
});

describe("secrets", () => {
  const facts = {
    folder: ".platform/dev/secrets",
    mode: 0o700,
    lengths: { "odoo-db-password": 32, "odoo-admin-password": 32 },
    stack: "dev",
  };

  it("hold in a folder of their owner's", () => {
    expect(judgeSecrets(facts)).toEqual({
      check: "secrets",
      level: "ok",
      finding: "2 secrets in .platform/dev/secrets, which only its owner enters",
    });
  });

  it("fail in one that others enter", () => {
    expect(judgeSecrets({ ...facts, mode: 0o755 })).toMatchObject({
      level: "fail",
      mend: "chmod 700 .platform/dev/secrets",
    });
  });

  it.each([[undefined], [0]])("warn when one is missing (length %s)", (length) => {
    const found = judgeSecrets({ ...facts, lengths: { ...facts.lengths, "odoo-db-password": length } });
    expect(found).toMatchObject({ level: "warn", finding: ".platform/dev/secrets lacks odoo-db-password" });
  });

  it("fail when one is short, and the containers that took it are made anew", () => {
    const found = judgeSecrets({ ...facts, lengths: { ...facts.lengths, "odoo-db-password": 8 } });
    expect(found).toMatchObject({ level: "fail", finding: "too short to be safe: odoo-db-password (8 characters)" });
    expect(found.mend).toBe(
      "npm run platform -- down --stack dev && rm -f .platform/dev/secrets/odoo-db-password && npm run platform -- up --stack dev",
    );
  });

  it("don't tell to remove the administrator's, which Odoo would not take again", () => {
    const found = judgeSecrets({ ...facts, lengths: { ...facts.lengths, "odoo-admin-password": 5 } });
    expect(found.level).toBe("fail");
    expect(found.mend).toBe(
      "change admin's password in Odoo, and write it to .platform/dev/secrets/odoo-admin-password",
    );
  });
});

test("pdf-reports: warn where Odoo comes from Debian", () => {
  expect(judgeReports(false).level).toBe("ok");
  expect(judgeReports(true)).toMatchObject({ level: "warn", mend: "use a machine that reaches an image registry" });
});
