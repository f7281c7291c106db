import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import { Network } from "../../components/network.ts";
import { Secret } from "../../components/secret.ts";
import { Service, type ServiceSettings } from "../../components/service.ts";
import { DEFINITION_LABEL, definitionDigests, renderCompose, secretsOf } from "../../engine/compose-render.ts";
import type { Plan } from "../../plan/plan.ts";
import { resourcesOf, TYPES } from "../../plan/plan.ts";
import { containerIn, coreOf, planOf, STACKS } from "../harness/plans.ts";
import { register } from "../harness/register.ts";

// Proves what is written; that Compose takes it, and makes the same of it as Pulumi does, is for the end-to-end tests.

const PREFIX = "lab-test";
const JOB: ServiceSettings = {
  service: "prepare",
  user: "1000:1001",
  command: ["prepare"],
  env: {},
  memoryMiB: 64,
  cpus: 0.5,
  tmpfs: {},
  job: true,
};

/** A job that is given a secret, and a service that waits for it. */
function small(change: Partial<ServiceSettings> = {}): Promise<Plan> {
  return register(() => {
    const network = new Network("front", { prefix: PREFIX, internal: true });
    const common = { prefix: PREFIX, image: "img:1" };
    const job = new Service("prepare", { ...common, settings: JOB, networks: [], secrets: [new Secret("key")] });
    const settings: ServiceSettings = {
      ...{ ...JOB, service: "web", job: false, command: ["serve", "$HOME"], env: { FILTER: "^shop$", EMPTY: "" } },
      healthcheck: { command: ["check"] },
      tmpfs: { "/tmp": "rw,noexec" },
      ports: [{ port: 8443, address: "127.0.0.1" }],
      addCapabilities: ["NET_BIND_SERVICE"],
      ...change,
    };
    return new Service("web", { ...common, settings, networks: [{ network, aliases: ["www"] }], after: [job] });
  });
}

const ARGS = { secretsFolder: "/secrets" };
type File = { services: { [name: string]: { [key: string]: unknown } }; [key: string]: { [key: string]: unknown } };
const rendered = (plan: Plan, args: Parameters<typeof renderCompose>[1] = ARGS) =>
  parse(renderCompose(plan, args)) as File;

test("a small service, and what stands below the services", async () => {
  const text = renderCompose(await small(), ARGS);
  expect(text.slice(text.indexOf("  web:"))).toMatchInlineSnapshot(`
    "  web:
        container_name: lab-test-web
        hostname: web
        user: 1000:1001
        command:
          - serve
          - $$HOME
        environment:
          FILTER: ^shop$$
          EMPTY: ""
        labels:
          odoo-platform.stack: lab-test
          odoo-platform.service: web
          odoo-platform.healthcheck: 62322b4d98f1
          odoo-platform.definition: b1e459c27868
        networks:
          front:
            aliases:
              - web
              - www
        dns:
          - 127.0.0.1
        read_only: true
        tmpfs:
          - /tmp:rw,noexec
        init: true
        cap_drop:
          - ALL
        cap_add:
          - NET_BIND_SERVICE
        security_opt:
          - no-new-privileges:true
        mem_limit: 64m
        memswap_limit: 64m
        cpus: 0.5
        shm_size: 64m
        ulimits:
          nofile:
            soft: 8192
            hard: 8192
        logging:
          driver: json-file
          options:
            max-file: "3"
            max-size: 10m
        stop_grace_period: 30s
        stop_signal: SIGTERM
        ports:
          - target: 8443
            published: "8443"
            host_ip: 127.0.0.1
        restart: unless-stopped
        healthcheck:
          test:
            - CMD
            - sh
            - -c
            - 'held=$$1 seconds=$$2; shift 2; timeout "$$seconds" "$$@" || { rm -f "$$held"; exit 1; }; [ ! -e "$$held" ] || exec sleep 15; : >"$$held"'
            - sh
            - /tmp/.healthy
            - "5"
            - check
          interval: 5s
          timeout: 21s
          retries: 6
          start_period: 1m0s
        depends_on:
          prepare:
            condition: service_completed_successfully
        image: img:1
        pull_policy: never
    networks:
      front:
        name: lab-test-front
        driver: bridge
        internal: true
        driver_opts:
          com.docker.network.bridge.inhibit_ipv4: "true"
        labels:
          odoo-platform.stack: lab-test
    volumes: {}
    secrets:
      key:
        file: /secrets/key
    "
  `);
});

describe("order", () => {
  test("a service waits for jobs that ended well and services that are healthy, as the plan says", async () => {
    const { services } = rendered(await coreOf("dev"));
    expect(Object.fromEntries(Object.entries(services).map(([name, { depends_on }]) => [name, depends_on]))).toEqual({
      postgres: undefined,
      "postgres-init": { postgres: { condition: "service_healthy" } },
      "odoo-init": { "postgres-init": { condition: "service_completed_successfully" } },
      odoo: { "odoo-init": { condition: "service_completed_successfully" } },
      edge: { odoo: { condition: "service_healthy" } },
    });
  });
});

describe("texts with a dollar", () => {
  test("are literal: Compose replaces nothing in them", async () => {
    const { web } = rendered(await small()).services;
    expect([web?.["command"], web?.["environment"]]).toEqual([["serve", "$$HOME"], { FILTER: "^shop$$", EMPTY: "" }]);
  });

  test("are variables in what is made for hands, and only there", async () => {
    const { odoo } = rendered(await coreOf("dev"), { ...ARGS, byHand: { root: "." } }).services;
    expect(odoo?.["image"]).toMatch(/^\$\{ODOO_IMAGE:-odoo-platform\/odoo:[0-9a-f]{12}\}$/);
    const variables = renderCompose(await coreOf("dev"), { ...ARGS, byHand: { root: "." } }).match(/\$\{\w+/g);
    expect([...new Set(variables)].sort()).toEqual([
      "${BASE",
      "${BUILD_BASE",
      "${EDGE_IMAGE",
      "${ODOO_BASE",
      "${ODOO_IMAGE",
      "${POSTGRES_IMAGE",
    ]);
    expect(renderCompose(await coreOf("dev"), ARGS)).not.toContain("${");
  });
});

describe("secrets", () => {
  test("are files of the service that needs them, and no others", async () => {
    const plan = await coreOf("dev");
    const files = (name: string) =>
      secretsOf(plan, containerIn(plan, name)).map(({ source, target }) => `${source} ${target}`);
    expect(files("odoo")).toEqual([
      "odoo-db-password /run/secrets/odoo-db-password",
      "odoo-master-password /run/secrets/odoo-master-password",
    ]);
    expect(files("postgres")).toEqual([]);
  });

  test("are named once for the file, in the folder that was given", async () => {
    const { secrets } = rendered(await coreOf("dev"));
    const names = resourcesOf(await coreOf("dev"), TYPES.password).map(({ name }) => name);
    expect(secrets).toEqual(Object.fromEntries(names.sort().map((name) => [name, { file: `/secrets/${name}` }])));
  });

  test("leave no volume and no container for Pulumi's way of carrying them", async () => {
    const { services, volumes } = rendered(await coreOf("dev"));
    expect(
      [...Object.keys(services), ...Object.keys(volumes ?? {})].filter((name) => name.includes("secrets")),
    ).toEqual([]);
  });

  test("that weren't generated are refused: a value must not get into the file", async () => {
    const plan = await small();
    const leaky: Plan = {
      ...plan,
      resources: plan.resources.map((resource) =>
        resource.inputs["uploads"] === undefined
          ? resource
          : { ...resource, inputs: { ...resource.inputs, uploads: [{ file: "/run/secrets/key", content: "plain" }] } },
      ),
    };
    expect(() => renderCompose(leaky, ARGS)).toThrow(
      "/run/secrets/key is not a generated secret; only those are put in files",
    );
  });

  test.each(STACKS)("of %s have no value in the file", async (stack) => {
    expect(renderCompose(await planOf(stack), ARGS)).not.toContain("secret://");
  });
});

describe("the digest of a definition", () => {
  const digests = async (change: Partial<ServiceSettings> = {}) =>
    definitionDigests(parse(renderCompose(await small(change), ARGS)) as Parameters<typeof definitionDigests>[0]);

  test("is known by the container's name", async () => {
    const { web } = rendered(await small()).services;
    expect((await digests()).get("lab-test-web")).toBe(
      (web?.["labels"] as { [label: string]: string })[DEFINITION_LABEL],
    );
    expect([...(await digests()).keys()].sort()).toEqual(["lab-test-prepare", "lab-test-web"]);
  });

  test.each<[string, Partial<ServiceSettings>]>([
    ["its environment", { env: { FILTER: "^other$" } }],
    ["its health check", { healthcheck: { command: ["other"] } }],
    ["its limits", { memoryMiB: 65 }],
    ["its ports", { ports: [] }],
  ])("changes with %s, and the job's doesn't", async (_what, change) => {
    const [before, after] = [await digests(), await digests(change)];
    expect(after.get("lab-test-web")).not.toBe(before.get("lab-test-web"));
    expect(after.get("lab-test-prepare")).toBe(before.get("lab-test-prepare"));
  });

  test("is the same for the same plan, whichever folder holds the secrets", async () => {
    const plan = await small();
    type Compose = Parameters<typeof definitionDigests>[0];
    const elsewhere = parse(renderCompose(plan, { secretsFolder: "/other" })) as Compose;
    expect(definitionDigests(elsewhere)).toEqual(await digests());
  });
});
