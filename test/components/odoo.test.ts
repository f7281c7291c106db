import { describe, expect, test } from "vitest";

import { settleOdoo } from "../../components/odoo.ts";
import { resourcesOf, TYPES } from "../../plan/plan.ts";
import { containerIn, coreOf, inputsOf, planOf } from "../harness/plans.ts";

const ARGS = {
  workers: 2,
  cronWorkers: 1,
  memoryMiB: 2048,
  cpus: 2,
  connectionsPerProcess: 8,
  database: "odoo",
  modules: ["web", "base", "contacts", "web"],
  demoData: false,
  stage: "staging" as const,
  url: "https://odoo.localhost:8443",
  protectData: true,
};

describe("settings", () => {
  test("are complete: no database manager, one database, modules in an order of their own", () => {
    expect(settleOdoo(ARGS)).toEqual({
      workers: 2,
      cronWorkers: 1,
      connectionsPerProcess: 8,
      database: "odoo",
      // Ours are in every stack.
      modules: ["base", "contacts", "ipai_platform", "web"],
      demoData: false,
      stage: "staging",
      url: "https://odoo.localhost:8443",
      listDatabases: false,
      exposedDatabase: "odoo",
      proxyMode: true,
      egress: false,
      protectData: true,
    });
  });

  test("let the server see its own database alone", () => {
    expect(settleOdoo({ ...ARGS, database: "shop_1" }).exposedDatabase).toBe("shop_1");
  });
});

const ENVIRONMENT = [
  "ODOO_DB_HOST=postgres",
  "ODOO_DB_PORT=5432",
  "ODOO_DB_USER=odoo_app",
  "ODOO_DB_NAME=odoo",
  "ODOO_DB_SSLMODE=verify-full",
  "PGSSLROOTCERT=/run/postgres-ca/ca.crt",
  "ODOO_DB_MAXCONN=8",
  "ODOO_WORKERS=2",
  "ODOO_CRON_WORKERS=1",
  "ODOO_LIST_DB=False",
  "ODOO_PROXY_MODE=True",
  "ODOO_LIMIT_MEMORY_SOFT=2147483648",
  "ODOO_LIMIT_MEMORY_HARD=2684354560",
  "ODOO_MODULES=auditlog,base,contacts,ipai_platform,ipai_sign_on,web",
  "ODOO_DEMO=False",
  "ODOO_BASE_URL=https://odoo.localhost:8443",
  "PLATFORM_STAGE=development",
];
const MAIL = [
  "ODOO_SMTP_HOST=mail",
  "ODOO_SMTP_PORT=1025",
  "ODOO_SMTP_STARTTLS=False",
  "ODOO_EMAIL_FROM=odoo@example.com",
  "ODOO_FROM_FILTER=example.com",
];

const SIGN_ON = {
  issuer: "https://id.localhost:8443/realms/platform",
  metadata: "http://keycloak:8080/realms/platform/.well-known/openid-configuration",
  client: "odoo",
};

describe("the containers", () => {
  test("are told what was settled, and of the mail server and the issuer the one that reaches them", async () => {
    const plan = await planOf("dev");
    expect(containerIn(plan, "odoo").inputs["envs"]).toEqual([
      ...ENVIRONMENT,
      ...MAIL,
      `ODOO_SIGN_ON=${JSON.stringify(SIGN_ON)}`,
    ]);
    expect(containerIn(plan, "odoo-init").inputs["envs"]).toEqual(ENVIRONMENT);
  });

  test("the server is between the edge and the database; the job reaches the database alone", async () => {
    const plan = await planOf("dev");
    const networks = (name: string) => containerIn(plan, name).inputs["networksAdvanced"];
    expect(networks("odoo")).toEqual([
      { name: "odoo-platform-dev-edge", aliases: ["odoo"] },
      { name: "odoo-platform-dev-data", aliases: ["odoo"] },
      { name: "odoo-platform-dev-mail", aliases: ["odoo"] },
    ]);
    expect(networks("odoo-init")).toEqual([{ name: "odoo-platform-dev-data", aliases: ["odoo-init"] }]);
  });

  test.each([
    ["dev", ["edge", "data", "mail"]],
    ["staging", ["edge", "data", "mail"]],
    ["prod", ["edge", "data", "egress"]],
  ] as const)(
    "in %s the server is on %j, and asks the world for names only where it may reach it",
    async (stack, networks) => {
      const plan = await planOf(stack);
      const { inputs } = containerIn(plan, "odoo");
      const joined = inputs["networksAdvanced"] as { name: string }[];
      expect(joined.map(({ name }) => name)).toEqual(networks.map((network) => `odoo-platform-${stack}-${network}`));
      expect(inputs["dns"]).toEqual(stack === "prod" ? undefined : ["127.0.0.1"]);
      expect(containerIn(plan, "odoo-init").inputs["dns"]).toEqual(["127.0.0.1"]);
      expect(resourcesOf(plan, TYPES.network).some(({ name }) => name === "egress")).toBe(stack === "prod");
    },
  );

  test("the server waits for the schema, the schema for roles and databases", async () => {
    const plan = await planOf("dev");
    const waitsFor = (name: string) =>
      containerIn(plan, name)
        .dependencies.filter((urn) => urn.includes(TYPES.container) && !urn.endsWith("-secrets"))
        .map((urn) => urn.split("::").at(-1));
    expect([waitsFor("odoo"), waitsFor("odoo-init"), waitsFor("postgres-init"), waitsFor("postgres")]).toEqual([
      ["odoo-init"],
      ["postgres-init"],
      ["postgres"],
      // Which PostgreSQL archives into for as long as it runs.
      ["vault-region-a", "vault-region-b", "vault-region-c"],
    ]);
  });

  test("where nobody signs on, neither knows an issuer, nor has the database a module for it", async () => {
    const plan = await coreOf("dev");
    for (const name of ["odoo", "odoo-init"]) {
      const env = containerIn(plan, name).inputs["envs"] as string[];
      expect(env.filter((variable) => /SIGN_ON|ipai_sign_on/.test(variable))).toEqual([]);
    }
  });

  test("an issuer elsewhere is asked by sign-on, and by Odoo only where it reaches what is outside", async () => {
    const withIssuer = (egress: boolean) => {
      const { config } = inputsOf("dev");
      const part = (name: string, changes: object) => ({
        [`odoo-platform:${name}`]: JSON.stringify({
          ...(JSON.parse(config[`odoo-platform:${name}`] ?? "{}") as object),
          ...changes,
        }),
      });
      return planOf("dev", {
        config: {
          ...config,
          ...part("identity", { enabled: true, issuer: "external", url: "https://login.example.com" }),
          ...part("odoo", { egress }),
        },
      });
    };
    for (const egress of [false, true]) {
      const plan = await withIssuer(egress);
      const joined = (name: string) =>
        (containerIn(plan, name).inputs["networksAdvanced"] as { name: string }[]).map(({ name }) => name);
      expect(joined("sign-on")).toContain("odoo-platform-dev-egress");
      expect(joined("odoo").includes("odoo-platform-dev-egress")).toBe(egress);
      const env = containerIn(plan, "odoo").inputs["envs"] as string[];
      expect(env.some((variable) => variable.startsWith("ODOO_SIGN_ON="))).toBe(egress);
    }
  });

  test("only the job that makes the database sees the administrator's password", async () => {
    const plan = await planOf("dev");
    const seen = (name: string) =>
      (containerIn(plan, name).inputs["uploads"] as { file: string }[]).map(({ file }) =>
        file.replace("/run/secrets/", ""),
      );
    expect(seen("odoo-secrets")).toEqual(["odoo-db-password", "odoo-master-password", "oidc-odoo-secret"]);
    expect(seen("odoo-init-secrets")).toEqual(["odoo-db-password", "odoo-master-password", "odoo-admin-password"]);
  });

  test("the certificate of the database's CA can be read, not written", async () => {
    const { inputs } = containerIn(await planOf("dev"), "odoo");
    expect(inputs["volumes"]).toContainEqual({
      volumeName: "odoo-platform-dev-postgres-ca",
      containerPath: "/run/postgres-ca",
      readOnly: true,
    });
  });

  test.each([true, false])("the filestore is kept where that is asked for: %s", async (protectData) => {
    const { config } = inputsOf("dev");
    const plan = await planOf("dev", { config: { ...config, "odoo-platform:protectData": String(protectData) } });
    const filestore = resourcesOf(plan, TYPES.volume).find(({ name }) => name === "odoo-filestore");
    expect(filestore).toMatchObject({ protect: protectData, retainOnDelete: protectData });
  });
});
