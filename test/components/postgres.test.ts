import { beforeAll, describe, expect, test } from "vitest";

import { Network } from "../../components/network.ts";
import { Postgres, type PostgresArgs, type PostgresSettings, settlePostgres } from "../../components/postgres.ts";
import { type Plan, resourcesOf, TYPES } from "../../plan/plan.ts";
import { containerIn, coreOf } from "../harness/plans.ts";
import { register } from "../harness/register.ts";

const ARGS: Omit<PostgresArgs, "data"> = {
  prefix: "shop-dev",
  image: "img:1",
  memoryMiB: 768,
  cpus: 2,
  maxConnections: 110,
  database: "odoo",
  createDatabases: false,
  odooConnections: 40,
  protectData: false,
};

async function settle(changes: Partial<PostgresArgs> = {}, internal = true): Promise<PostgresSettings> {
  const settled: PostgresSettings[] = [];
  await register(() => {
    const data = new Network("data", { prefix: "shop-dev", internal });
    settled.push(settlePostgres({ ...ARGS, data, ...changes }));
  });
  return settled[0] as PostgresSettings;
}

describe("settings", () => {
  test("are complete: TLS and scram only, checksums on", async () => {
    const { server, ...settings } = await settle();
    expect(settings).toEqual({
      database: "odoo",
      maxConnections: 110,
      createDatabases: false,
      connectionLimits: {
        odoo_app: 40,
        odoo_reporting: 8,
        odoo_mcp: 8,
        mcp_audit: 4,
        exporter: 6,
        backup: 4,
        superset: 20,
        keycloak: 8,
        shell: 4,
      },
      protectData: false,
      roles: {
        odoo_app: "odoo-db-password",
        odoo_reporting: "odoo-reporting-password",
        odoo_mcp: "odoo-mcp-password",
        mcp_audit: "mcp-audit-password",
        exporter: "exporter-password",
        backup: "backup-password",
        superset: "superset-password",
        keycloak: "keycloak-db-password",
        shell: "shell-db-password",
      },
      tls: "verify-full",
      authentication: "scram-sha-256",
      checksums: true,
      internalNetwork: true,
    });
    expect(server).toMatchObject({
      max_connections: "110",
      shared_buffers: "192MB",
      superuser_reserved_connections: "3",
    });
  });

  test("say so when the clients' network has a way out", async () => {
    expect((await settle({}, false)).internalNetwork).toBe(false);
  });

  test("keep no role with a password twice, and the superuser without one", async () => {
    const { roles } = await settle();
    expect(new Set(Object.values(roles)).size).toBe(9);
    expect(Object.keys(roles)).not.toContain("postgres");
  });
});

describe("the server", () => {
  let plan: Plan;
  beforeAll(async () => {
    plan = await coreOf("dev");
  });

  test("is told each of its settings on its command line", async () => {
    const { server } = await settle();
    const { inputs } = containerIn(plan, "postgres");
    const told = Object.entries(server).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    expect(inputs["command"]).toEqual(["serve", ...told]);
  });

  test("is reached on the data network alone, and keeps its files in a volume", () => {
    const { inputs } = containerIn(plan, "postgres");
    expect(inputs["networksAdvanced"]).toEqual([{ name: "odoo-platform-dev-data", aliases: ["postgres"] }]);
    expect(inputs["ports"]).toBeUndefined();
    expect(inputs["volumes"]).toEqual([
      { volumeName: "odoo-platform-dev-postgres-data", containerPath: "/var/lib/postgresql", readOnly: false },
      { volumeName: "odoo-platform-dev-postgres-run", containerPath: "/run/postgresql", readOnly: false },
      { volumeName: "odoo-platform-dev-postgres-ca", containerPath: "/run/postgres-ca", readOnly: false },
    ]);
  });

  test("holds no password, and is given time for a fast shutdown", () => {
    const { inputs } = containerIn(plan, "postgres");
    expect(plan.resources.map(({ name }) => name)).not.toContain("postgres-secrets");
    expect(inputs).toMatchObject({ stopSignal: "SIGINT", stopTimeout: 60, destroyGraceSeconds: 60 });
  });

  test("has a data network without a way out", () => {
    const network = resourcesOf(plan, TYPES.network).find(({ name }) => name === "data");
    expect(network?.inputs["internal"]).toBe(true);
  });
});

describe("the job that makes roles and databases", () => {
  test("has the socket and the passwords, and no network", async () => {
    const plan = await register(() => {
      const data = new Network("data", { prefix: "shop-dev", internal: true });
      return new Postgres("postgres", { ...ARGS, data, createDatabases: true });
    });
    const { inputs, dependencies } = containerIn(plan, "postgres-init");
    expect(inputs).toMatchObject({ networkMode: "none", mustRun: false, restart: "no", command: ["init"] });
    expect(inputs["envs"]).toEqual([
      "ODOO_DB_NAME=odoo",
      "ODOO_CREATEDB=true",
      "CONNECTION_LIMITS=odoo_app=40 odoo_reporting=8 odoo_mcp=8 mcp_audit=4 exporter=6 backup=4 superset=20 keycloak=8 shell=4",
    ]);
    expect(inputs["volumes"]).toEqual([
      { volumeName: "shop-dev-postgres-run", containerPath: "/run/postgresql", readOnly: false },
      { volumeName: "shop-dev-postgres-init-secrets", containerPath: "/run/secrets", readOnly: true },
    ]);
    expect(dependencies).toContainEqual(expect.stringMatching(/docker:index\/container:Container::postgres$/));
  });

  test.each([true, false])("keeps the data, and the data alone, where that is asked for: %s", async (protectData) => {
    const plan = await register(() => {
      const data = new Network("data", { prefix: "shop-dev", internal: true });
      return new Postgres("postgres", { ...ARGS, data, protectData });
    });
    const kept = resourcesOf(plan, TYPES.volume).filter(({ protect, retainOnDelete }) => protect && retainOnDelete);
    expect(kept.map(({ name }) => name)).toEqual(protectData ? ["postgres-data"] : []);
  });
});
