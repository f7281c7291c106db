import { describe, expect, test } from "vitest";

import { serviceOf, servicesOf } from "../../engine/docker.ts";
import { gateFacts } from "../../gates/json.ts";
import { PHASES } from "../../plan/phase.ts";
import { type Plan, type PlannedResource, resourceAt, resourcesOf, TYPES } from "../../plan/plan.ts";
import type { StackOutputs } from "../../stacks/outputs.ts";
import { containerIn, coreOf, inputsOf, parentName, planOf, type StackName, STACKS } from "../harness/plans.ts";

const short = (type: string) => type.replace(/^(docker|random):index\/\w+:/, "").replace("odoo-platform:", "");

/** What the vault on AWS is made of stands in test/components/backup-vault/aws.test.ts. */
const isOnAws = ({ type }: PlannedResource) => /^(aws|pulumi:providers:aws)\b/.test(type);

/** One line a resource: type, name, parent, and what keeps it from being deleted. Indented by no one: parents tell. */
function inventory(plan: Plan): string[] {
  return plan.resources
    .map((resource) => {
      const { type, name, protect, retainOnDelete } = resource;
      const kept = [...(protect ? ["protected"] : []), ...(retainOnDelete ? ["retained"] : [])];
      return [short(type), name, `in ${parentName(resource)}`, ...kept].join(" ");
    })
    .sort();
}

/** What every stack is made of, without the parts that can be off; `data` is what is said of volumes that hold the company's data. */
const inventoryOf = (stack: StackName, data: string) =>
  [
    `pulumi:pulumi:Stack odoo-platform-${stack} in `,
    ...PHASES.map((_, phase) => `gate:Phase phase${phase} in odoo-platform-${stack}`),
    `policy:Terms policies in odoo-platform-${stack}`,
    `docker:Images images in odoo-platform-${stack}`,
    ...["edge", "odoo", "postgres"].map((name) => `Image ${name} in images retained`),
    ...["data", "edge", "public", ...(stack === "prod" ? ["egress"] : [])].flatMap((name) => [
      `docker:Network ${name} in odoo-platform-${stack}`,
      `Network ${name} in ${name}`,
    ]),

    `database:Postgres postgres in odoo-platform-${stack}`,
    "docker:Service postgres in postgres",
    "Container postgres in postgres",
    "docker:Service postgres-init in postgres",
    "Container postgres-init in postgres-init",
    "secret:SecretFiles postgres-init-secrets in postgres-init",
    "Container postgres-init-secrets in postgres-init-secrets",
    "Volume postgres-init-secrets in postgres-init-secrets",
    "Volume postgres-ca in postgres",
    "Volume postgres-run in postgres",
    `Volume postgres-data in postgres${data}`,
    ...[
      "backup",
      "exporter",
      "keycloak-db",
      "mcp-audit",
      "odoo-db",
      "odoo-mcp",
      "odoo-reporting",
      "shell-db",
      "superset",
    ].flatMap((name) => [
      `secret:Secret ${name}-password in postgres`,
      `RandomPassword ${name}-password in ${name}-password`,
    ]),

    `odoo:Odoo odoo in odoo-platform-${stack}`,
    ...["odoo", "odoo-init"].flatMap((name) => [
      `docker:Service ${name} in odoo`,
      `Container ${name} in ${name}`,
      `secret:SecretFiles ${name}-secrets in ${name}`,
      `Container ${name}-secrets in ${name}-secrets`,
      `Volume ${name}-secrets in ${name}-secrets`,
    ]),
    `Volume odoo-filestore in odoo${data}`,
    ...["odoo-admin", "odoo-master"].flatMap((name) => [
      `secret:Secret ${name}-password in odoo`,
      `RandomPassword ${name}-password in ${name}-password`,
    ]),

    `edge:Edge edge in odoo-platform-${stack}`,
    "docker:Service edge in edge",
    "Container edge in edge",
    "Volume edge-data in edge",
    ...(stack === "dev" ? ["Volume edge-status in edge"] : []),
  ].sort();

describe("what a stack is made of", () => {
  test.each<[StackName, string]>([
    ["dev", ""],
    ["staging", ""],
    ["prod", " protected retained"],
  ])("%s", async (stack, data) => {
    expect(inventory(await coreOf(stack))).toEqual(inventoryOf(stack, data));
  });

  test("production alone has something on AWS: a vault in three regions with a copy in another account", async () => {
    const onAws = async (stack: StackName) => (await planOf(stack)).resources.filter(isOnAws);
    expect(await onAws("dev")).toEqual([]);
    expect(await onAws("staging")).toEqual([]);
    const buckets = (await onAws("prod")).filter(({ inputs }) => inputs["objectLockEnabled"] === true);
    expect(buckets.map(({ inputs }) => inputs["region"]).sort()).toEqual([
      "eu-central-1",
      "eu-north-1",
      "eu-west-1",
      "us-east-1",
    ]);
  });

  test("without a registry, Debian's Odoo too, and nothing else", async () => {
    const pulled = inventory(await planOf("dev"));
    const added = inventory(await planOf("dev", { machine: { imageSource: "debian" } })).filter(
      (line) => !pulled.includes(line),
    );
    expect(added).toEqual(["Image odoo-debian in images retained"]);
  });

  test("where code is held, Odoo by its older image and modules, and all else as the sources say", async () => {
    const held = {
      ...{ image: `sha256:${"0".repeat(64)}`, modules: ["base"] },
      ...{ since: "2026-01-01T00:00:00Z", because: "a view has no such field" },
      instead: { image: "odoo-platform/odoo:after", modules: ["base"] },
    };
    const [plan, older] = [await planOf("dev"), await planOf("dev", { held })];
    const images = (of: Plan) =>
      Object.fromEntries(servicesOf(of).map((service) => [serviceOf(service), service.inputs["image"]]));
    const others = Object.keys(images(plan)).filter((name) => images(plan)[name] !== images(older)[name]);
    expect(others.sort()).toEqual(["mcp-key", "odoo", "odoo-init"]);
    for (const name of others) expect(images(older)[name]).toBe(held.image);
    expect(gateFacts(older).settings.odoo).toMatchObject({
      modules: ["base", "ipai_platform"],
      heldBecause: held.because,
    });
  });

  // A resource that is made in an `apply` is in the update alone: nobody could have reviewed it.
  test.each(STACKS)("a preview of %s lists what its update makes", async (stack) => {
    const [update, preview] = [await planOf(stack), await planOf(stack, {}, true)];
    expect(inventory(preview)).toEqual(inventory(update));
  });

  test("is the same again, whatever was evaluated before", async () => {
    const [first] = [await planOf("dev", { files: {} }), await planOf("prod", { files: {} })];
    expect(await planOf("dev", { files: {} })).toEqual(first);
  });

  test.each(STACKS)("every dependency and parent of %s is in the plan", async (stack) => {
    const plan = await planOf(stack);
    for (const { dependencies, parent } of plan.resources) {
      for (const urn of [...dependencies, ...(parent === undefined ? [] : [parent])]) {
        expect(resourceAt(plan, urn).urn).toBe(urn);
      }
    }
  });
});

describe("names", () => {
  test("carry project and stack, so that stacks run side by side on one machine", async () => {
    const physical = async (stack: StackName, type: string) =>
      resourcesOf(await planOf(stack), type).map(({ inputs }) => inputs["name"] as string);
    for (const type of [TYPES.container, TYPES.network, TYPES.volume]) {
      const [dev, staging] = [await physical("dev", type), await physical("staging", type)];
      expect(dev.filter((name) => !name.startsWith("odoo-platform-dev-"))).toEqual([]);
      expect(staging.filter((name) => dev.includes(name))).toEqual([]);
      expect(new Set(dev).size).toBe(dev.length);
    }
  });

  test("no two stacks publish one port on one address", async () => {
    const published: number[] = [];
    for (const stack of STACKS) {
      const ports = containerIn(await planOf(stack), "edge").inputs["ports"] as { external: number }[];
      published.push(...ports.map(({ external }) => external));
    }
    expect(published).toHaveLength(6);
    expect(new Set(published).size).toBe(published.length);
  });
});

describe("order", () => {
  test("each service starts after what it needs", async () => {
    const plan = await coreOf("dev");
    const after = resourcesOf(plan, TYPES.container)
      .filter(({ inputs }) => inputs["start"] !== false)
      .map(({ name, dependencies }) => [
        name,
        dependencies.filter((urn) => urn.includes(TYPES.container)).map((urn) => urn.split("::").at(-1)),
      ]);
    expect(Object.fromEntries(after)).toEqual({
      postgres: [],
      "postgres-init": ["postgres", "postgres-init-secrets"],
      "odoo-init": ["postgres-init", "odoo-init-secrets"],
      odoo: ["odoo-init", "odoo-secrets"],
      edge: ["odoo"],
    });
  });

  test("each container waits for its image, and a job's successor for the job's exit code", async () => {
    const plan = await planOf("dev");
    const { dependencies, inputs } = containerIn(plan, "odoo");
    expect(dependencies).toContainEqual(expect.stringMatching(/Image::odoo$/));
    expect(inputs["labels"]).toContainEqual({ label: "odoo-platform.after.odoo-init", value: "0" });
  });
});

describe("outputs", () => {
  const outputsOf = async (stack: StackName) => (await planOf(stack)).outputs as unknown as StackOutputs;

  test("of dev: where Odoo is, what runs, and the password, which is secret", async () => {
    const { stage, urls, containers, adminPassword } = (await coreOf("dev")).outputs as unknown as StackOutputs;
    expect({ stage, urls, containers, adminPassword }).toEqual({
      stage: "development",
      urls: { odoo: "https://odoo.localhost:8443", status: "https://status.localhost:8443" },
      containers: Object.fromEntries(
        ["postgres", "postgres-init", "odoo-init", "odoo", "edge"].map((name) => [name, `odoo-platform-dev-${name}`]),
      ),
      adminPassword: { secret: "secret://odoo-admin-password" },
    });
  });

  test("of prod: an address without a port", async () => {
    expect((await outputsOf("prod")).urls).toEqual({ odoo: "https://odoo.erp.example.com" });
  });

  test("without evidence no phase is GO, and the stack isn't", async () => {
    const { overall, ...outputs } = await outputsOf("dev");
    const phases = PHASES.map((_, phase) => outputs[`phase${phase as 0}`]);
    expect(phases.map(({ title }) => title)).toEqual([...PHASES]);
    expect(phases.filter(({ verdict }) => verdict === "GO")).toEqual([]);
    expect(overall).not.toBe("GO");
  });

  test("are the same at another time, unless a verdict changes: a second update changes nothing", async () => {
    const later = await planOf("dev", { now: new Date("2027-01-02T03:04:05Z") });
    expect(later).toEqual(await planOf("dev"));
  });

  test("name the plan's digest, which another setting changes and evidence doesn't", async () => {
    const digest = (plan: Plan) => (plan.outputs as unknown as StackOutputs).gate.planDigest;
    const { config } = inputsOf("dev");
    const evidence = {
      ...{ task: "2.5", stack: "dev", holds: true, measured: 1, limit: 1, at: "2026-01-02T03:04:05Z", ttlDays: 7 },
      ...{ commit: "", planDigest: "x", files: {}, detail: "it runs" },
    };
    const same = digest(await planOf("dev"));
    expect(digest(await planOf("dev", { evidence: [evidence] }))).toBe(same);
    expect(digest(await planOf("dev", { config: { ...config, "odoo-platform:domain": "shop.localhost" } }))).not.toBe(
      same,
    );
    expect(digest(await planOf("dev", { sourcesDigest: "0".repeat(64) }))).not.toBe(same);
  });
});
