import { beforeAll, describe, expect, test } from "vitest";

import { type Plan, type PlannedResource, type PlanValue, resourcesOf, SECRET_SCHEME, TYPES } from "../../plan/plan.ts";
import { coreOf, planOf, STACKS } from "../harness/plans.ts";

// Proves what is asked of the provider, for every container of every stack. That Docker does it is measured on the
// running stack, by the probe "running as planned".

interface Inputs {
  readonly user: string;
  readonly capabilities: { readonly drops: string[]; readonly adds: string[] };
  readonly memory: number;
  readonly memorySwap: number;
  readonly cpus: string;
  readonly tmpfs: { readonly [path: string]: string };
  readonly volumes: { readonly volumeName?: string; readonly hostPath?: string }[];
  readonly networksAdvanced?: { readonly name: string }[];
  readonly ports?: { readonly internal: number; readonly external: number; readonly ip: string }[];
  readonly [input: string]: unknown;
}

/** Every text in a value with the way to it; what is behind a secret marker is left out. */
function openTexts(value: PlanValue | undefined, path = ""): [path: string, text: string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value !== "object" || value === null || "secret" in value) return [];
  return Object.entries(value).flatMap(([key, inner]) => openTexts(inner, `${path}.${key}`));
}

describe.each(STACKS)("%s", (stack) => {
  let plan: Plan;
  let containers: (readonly [name: string, inputs: Inputs])[];
  let services: typeof containers;

  beforeAll(async () => {
    plan = await planOf(stack);
    const known = (container: PlannedResource) => [container.name, container.inputs as unknown as Inputs] as const;
    containers = resourcesOf(plan, TYPES.container).map(known);
    services = containers.filter(([, { start }]) => start !== false);
  });

  /** Names of containers of which a claim isn't true. */
  const but = (some: typeof containers, holds: (inputs: Inputs, name: string) => boolean) =>
    some.filter(([name, inputs]) => !holds(inputs, name)).map(([name]) => name);

  test("there are five services at least, and a carrier for each that has secrets", async () => {
    const core = resourcesOf(await coreOf(stack), TYPES.container).map(({ name }) => name);
    expect(core.filter((name) => !name.endsWith("-secrets")).sort()).toEqual([
      ...["edge", "odoo", "odoo-init", "postgres", "postgres-init"],
    ]);
    expect(core.filter((name) => name.endsWith("-secrets")).sort()).toEqual([
      ...["odoo-init-secrets", "odoo-secrets", "postgres-init-secrets"],
    ]);
    const carriers = containers.filter((one) => !services.includes(one)).map(([name]) => name);
    const known = services.map(([name]) => `${name}-secrets`);
    expect(carriers.filter((name) => !known.includes(name))).toEqual([]);
  });

  test("every container has a numeric user and group, neither of them root", () => {
    expect(but(containers, ({ user }) => /^[1-9]\d*:[1-9]\d*$/.test(user))).toEqual([]);
  });

  test("every container drops all capabilities; only the edge may get one back, for low ports", () => {
    expect(but(containers, ({ capabilities }) => capabilities.drops.join() === "ALL")).toEqual([]);
    const adds = containers.flatMap(([name, { capabilities }]) =>
      (capabilities.adds ?? []).map((add) => `${name} ${add}`),
    );
    expect(adds).toEqual(stack === "prod" ? ["edge CAP_NET_BIND_SERVICE"] : []);
  });

  test("no container gains privileges or has them from the start", () => {
    expect(but(containers, ({ securityOpts }) => String(securityOpts) === "no-new-privileges:true")).toEqual([]);
    const risky = [
      "privileged",
      "pidMode",
      "ipcMode",
      "usernsMode",
      "devices",
      "gpus",
      "mounts",
      "hosts",
      "cgroupnsMode",
      "sysctls",
    ];
    expect(but(containers, (inputs) => risky.every((input) => inputs[input] === undefined))).toEqual([]);
  });

  test("no service can write to its root, nor run what it writes to memory", () => {
    expect(but(services, ({ readOnly }) => readOnly === true)).toEqual([]);
    const strict = (options: string) =>
      ["noexec", "nosuid", "nodev"].every((option) => options.split(",").includes(option));
    expect(
      but(services, ({ tmpfs }) =>
        Object.values(tmpfs).every((options) => strict(options) && /size=\d+m/.test(options)),
      ),
    ).toEqual([]);
  });

  test("every container has limits on memory, swap and cpu", () => {
    expect(but(containers, ({ memory, memorySwap }) => memory >= 16 && memorySwap === memory)).toEqual([]);
    expect(but(containers, ({ cpus }) => Number(cpus) > 0)).toEqual([]);
    expect(but(services, ({ ulimits }) => JSON.stringify(ulimits).includes("nofile"))).toEqual([]);
  });

  test("every service is asked whether it works, or is a job that ends", () => {
    const works = ({ healthcheck, restart, wait }: Inputs) =>
      healthcheck !== undefined && restart === "unless-stopped" && wait === true;
    const ends = ({ mustRun, restart, attach }: Inputs) => mustRun === false && restart === "no" && attach === true;
    expect(but(services, (inputs) => works(inputs) !== ends(inputs))).toEqual([]);
    const jobs = services.filter(([, inputs]) => ends(inputs)).map(([name]) => name);
    expect(jobs.filter((name) => !name.endsWith("-init"))).toEqual([]);
  });

  test("every log is rotated, or there is none", () => {
    const rotated = ({ logDriver, logOpts }: Inputs) =>
      logDriver === "json-file" && JSON.stringify(logOpts) === '{"max-file":"3","max-size":"10m"}';
    expect(but(services, rotated)).toEqual([]);
    expect(but(containers, (inputs) => rotated(inputs) || inputs["logDriver"] === "none")).toEqual([]);
  });

  test("only volumes of the stack are mounted: no folder of the host, and no Docker socket", () => {
    const names = resourcesOf(plan, TYPES.volume).map(({ inputs }) => inputs["name"]);
    expect(
      but(containers, ({ volumes }) =>
        volumes.every(({ volumeName, hostPath }) => hostPath === undefined && names.includes(volumeName ?? "")),
      ),
    ).toEqual([]);
    expect(JSON.stringify(containers)).not.toContain("docker.sock");
  });

  test("only the edge publishes ports, and on loopback but in prod", () => {
    expect(but(containers, ({ ports }, name) => ports === undefined || name === "edge")).toEqual([]);
    const [, edge] = services.find(([name]) => name === "edge") ?? [];
    expect(edge?.ports?.map(({ ip }) => ip)).toEqual(Array(2).fill(stack === "prod" ? "0.0.0.0" : "127.0.0.1"));
  });

  test("only the edge, and in prod Odoo, the Alertmanager and the vault's relay, have a way out; nobody is on the host's network", () => {
    const modes = new Set(containers.map(([, { networkMode }]) => networkMode));
    expect([...modes].sort()).toEqual(["bridge", "none"]);
    const open = resourcesOf(plan, TYPES.network).filter(({ inputs }) => inputs["internal"] !== true);
    expect(open.map(({ name }) => name).sort()).toEqual(stack === "prod" ? ["egress", "public", "vault"] : ["public"]);
    const names = open.map(({ inputs }) => inputs["name"]);
    const outside = services.filter(([, { networksAdvanced = [] }]) =>
      networksAdvanced.some(({ name }) => names.includes(name)),
    );
    expect(outside.map(([name]) => name).sort()).toEqual(
      stack === "prod" ? ["alertmanager", "edge", "odoo", "vault-relay"] : ["edge"],
    );
  });

  test("every image is one of the plan's, named by its content", () => {
    const images = resourcesOf(plan, TYPES.image).map(({ inputs }) => inputs["imageName"]);
    expect(
      but(containers, ({ image }) => images.includes(image as string) && /:[0-9a-f]{12}$/.test(image as string)),
    ).toEqual([]);
  });

  test("every file that a carrier takes is a secret, and readable by no group that is the host's", () => {
    const uploads = containers.flatMap(([name, { uploads }]) =>
      ((uploads ?? []) as { file: string; content: PlanValue; permissions: string }[]).map((upload) => ({
        name,
        ...upload,
      })),
    );
    expect(uploads.length).toBeGreaterThanOrEqual(11);
    expect(uploads.filter(({ content }) => !JSON.stringify(content).startsWith(`{"secret":"${SECRET_SCHEME}`))).toEqual(
      [],
    );
  });

  test("no secret is in the open: in no environment, label, command line or output", () => {
    const everything = [
      ...plan.resources.flatMap(({ urn, inputs }) => openTexts(inputs as PlanValue, urn)),
      ...openTexts(plan.outputs, "outputs"),
    ];
    // The search finds what it looks for: each secret's name is the name of its resource.
    expect(everything.length).toBeGreaterThan(500);
    expect(everything.filter(([, text]) => text.includes(SECRET_SCHEME))).toEqual([]);
  });
});
