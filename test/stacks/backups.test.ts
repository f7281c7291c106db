import { describe, expect, test } from "vitest";

import { type Plan, type PlannedResource, resourcesOf, TYPES } from "../../plan/plan.ts";
import { containerIn, coreOf, inputsOf, planOf, type StackName } from "../harness/plans.ts";

const names = async (stack: StackName, type: string) =>
  resourcesOf(await coreOf(stack, ["backup"]), type)
    .map(({ name }) => name)
    .filter((name) => /vault|backup(?!-password)/.test(name))
    .sort();

const REGIONS = ["vault-region-a", "vault-region-b", "vault-region-c"];

test("dev has a vault of three regions, and who takes backups into it, on a network without a way out", async () => {
  const containers = await names("dev", TYPES.container);
  expect(containers.filter((name) => !name.endsWith("-secrets"))).toEqual(["backup", "vault-init", ...REGIONS]);
  const networks = resourcesOf(await coreOf("dev", ["backup"]), TYPES.network);
  expect(networks.find(({ name }) => name === "backup")?.inputs["internal"]).toBe(true);
  expect(await names("dev", TYPES.volume)).toEqual(expect.arrayContaining([...REGIONS, "vault-ca", "backup-state"]));
});

test("who takes backups reads the cluster's and Odoo's files, and writes neither", async () => {
  const { inputs } = containerIn(await coreOf("dev", ["backup"]), "backup");
  expect(inputs["networksAdvanced"]).toEqual([{ name: "odoo-platform-dev-backup", aliases: ["backup"] }]);
  const writable = (inputs["volumes"] as { volumeName: string; readOnly: boolean }[])
    .filter(({ readOnly }) => !readOnly)
    .map(({ volumeName }) => volumeName);
  expect(writable).toEqual(["odoo-platform-dev-postgres-run", "odoo-platform-dev-backup-state"]);
});

test("PostgreSQL archives into every region, with the writer's key alone", async () => {
  const plan = await coreOf("dev", ["backup"]);
  const { inputs } = containerIn(plan, "postgres");
  expect(inputs["envs"]).toContain(
    `ARCHIVE_REPOSITORIES=${["a", "b", "c"].map((one) => `region-${one}|vault-region-${one}:7070|backup|path|/run/vault-ca/region-${one}.crt`).join(" ")}`,
  );
  expect(inputs["command"]).toEqual(expect.arrayContaining(["archive_mode=on", "archive_timeout=15s"]));
  const uploads = containerIn(plan, "postgres-secrets").inputs["uploads"] as { file: string }[];
  expect(uploads.map(({ file }) => file.split("/").at(-1))).toEqual([
    ...["vault-writer-id", "vault-writer-secret", "backup-repository-passphrase"],
  ]);
});

test("only the vault and the job that sets it up hold the administrator's key", async () => {
  const plan = await coreOf("dev", ["backup"]);
  const holders = resourcesOf(plan, TYPES.container).filter(({ inputs }) =>
    JSON.stringify(inputs["uploads"] ?? []).includes("vault-admin-secret"),
  );
  expect(holders.map(({ name }) => name).sort()).toEqual([
    "vault-init-secrets",
    ...REGIONS.map((one) => `${one}-secrets`),
  ]);
});

test("keys of another generation are made anew, with every container that holds one, and nothing else is", async () => {
  const { config } = inputsOf("dev");
  const backup = JSON.parse(config["odoo-platform:backup"] ?? "{}") as object;
  const plan = await planOf("dev", {
    config: { ...config, "odoo-platform:backup": JSON.stringify({ ...backup, keyGeneration: 2 }) },
  });
  const renewed = resourcesOf(plan, TYPES.password).filter(({ inputs }) => inputs["keepers"] !== undefined);
  expect(renewed.map(({ name }) => name).sort()).toEqual(
    ["admin", "reader", "writer"].flatMap((role) => [`vault-${role}-id`, `vault-${role}-secret`]),
  );
  const label = (one: PlannedResource) =>
    (one.inputs["labels"] as { label: string; value: string }[]).find(
      ({ label }) => label === "odoo-platform.generations",
    )?.value;
  const held = Object.fromEntries(
    resourcesOf(plan, TYPES.container).flatMap((one) => (label(one) === undefined ? [] : [[one.name, label(one)]])),
  );
  expect(Object.keys(held).sort()).toEqual(["backup", "postgres", "vault-init", ...REGIONS]);
  expect(held["postgres"]).toBe("vault-writer-id=2 vault-writer-secret=2");
});

test("a stack that takes backups and is watched is told when none come", async () => {
  const expected = (plan: Plan) =>
    (containerIn(plan, "prometheus").inputs["envs"] as string[]).find((one) => one.startsWith("MONITORING_EXPECTS="));
  expect(expected(await coreOf("dev", ["backup", "mail", "monitoring"]))).toBe("MONITORING_EXPECTS=backups heartbeat");
  expect(expected(await coreOf("dev", ["mail", "monitoring"]))).toBe("MONITORING_EXPECTS=");
});

describe("production", () => {
  test("has its vault in the cloud, and beside the stack only who takes backups and the way there", async () => {
    const containers = await names("prod", TYPES.container);
    expect(containers.filter((name) => !name.endsWith("-secrets"))).toEqual(["backup", "vault-relay"]);
  });

  test("archives and backs up to the buckets' own names, which lead to the relay, with the writer's key", async () => {
    const plan = await coreOf("prod", ["backup"]);
    const { inputs } = containerIn(plan, "postgres");
    expect(inputs["envs"]).toContainEqual(
      expect.stringContaining(
        "eu-west-1|s3.eu-west-1.amazonaws.com:443|odoo-platform-prod-backup-eu-west-1-111122223333|host|-",
      ),
    );
    const networks = containerIn(plan, "vault-relay").inputs["networksAdvanced"] as {
      name: string;
      aliases: string[];
    }[];
    expect(networks.map(({ name }) => name)).toEqual(["odoo-platform-prod-backup", "odoo-platform-prod-vault"]);
    expect(networks[0]?.aliases).toContain(
      "odoo-platform-prod-backup-eu-west-1-111122223333.s3.eu-west-1.amazonaws.com",
    );
    // The region's own host is no alias: the relay has to find it outside.
    expect(networks[0]?.aliases).not.toContain("s3.eu-west-1.amazonaws.com");
    const uploads = containerIn(plan, "postgres-secrets").inputs["uploads"] as { file: string; content: unknown }[];
    expect(uploads.find(({ file }) => file.endsWith("vault-writer-secret"))?.content).toEqual({
      secret: "secret://vault-writer-secret",
    });
  });
});

test("without backups nothing of them is there, and PostgreSQL archives nothing", async () => {
  const plan = await coreOf("dev");
  expect(resourcesOf(plan, TYPES.container).filter(({ name }) => /vault|backup/.test(name))).toEqual([]);
  expect(containerIn(plan, "postgres").inputs["command"]).not.toContain("archive_mode=on");
});
