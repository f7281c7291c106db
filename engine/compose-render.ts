import { relative } from "node:path";

import { stringify } from "yaml";

import { SECRETS_PATH } from "../components/secret-files.ts";
import { WHILE_LABEL } from "../components/service.ts";
import { digestOf } from "../plan/digest.ts";
import {
  isSecret,
  type Plan,
  type PlannedResource,
  type PlanValue,
  resourcesOf,
  reveal,
  SECRET_SCHEME,
  textOf,
  TYPES,
} from "../plan/plan.ts";
import { escapeDollars, withoutEmpty } from "./compose-yaml.ts";
import { containerName, prefixOf, serviceOf, servicesOf } from "./docker.ts";

export interface RenderArgs {
  /** Folder that holds one file per secret, as written into the Compose file. */
  readonly secretsFolder: string;
  /**
   * Render for hands instead of for `platform up`: with build sections, and with variables for what a machine without an
   * image registry must set. `root` is the way from the file to the project's folder.
   *
   * @default - for `platform up`, which builds images beforehand
   */
  readonly byHand?: { readonly root: string };
}

/** Label that carries the digest of a service's definition, by which `up` sees that nothing changed. */
export const DEFINITION_LABEL = "odoo-platform.definition";

type Yaml = { [key: string]: unknown };

/** A plan as a Compose file: the same containers, networks, volumes, order, health waits, limits and secrets. */
export function renderCompose(plan: Plan, args: RenderArgs): string {
  const containers = servicesOf(plan);
  const byUrn = new Map(containers.map((container) => [container.urn, container]));
  const images = new Map(resourcesOf(plan, TYPES.image).map((image) => [textOf(image, "imageName"), image]));
  const secrets = [
    ...new Set(containers.flatMap((container) => secretsOf(plan, container).map(({ source }) => source))),
  ].sort();
  const file = {
    name: prefixOf(plan),
    services: Object.fromEntries(
      containers.map((container) => {
        const definition = withoutEmpty({ ...service(plan, container, byUrn), ...source(container, images, args) });
        const labels = { ...(definition["labels"] as Yaml), [DEFINITION_LABEL]: digestOf(definition).slice(0, 12) };
        return [serviceOf(container), args.byHand !== undefined ? definition : { ...definition, labels }];
      }),
    ),
    networks: named(plan, TYPES.network, ({ driver, internal, options }) =>
      // An undefined key is left out.
      ({ driver, internal, driver_opts: options }),
    ),
    volumes: named(
      { ...plan, resources: plan.resources.filter((volume) => !holdsSecrets(plan, volume)) },
      TYPES.volume,
      () => ({}),
    ),
    secrets: Object.fromEntries(secrets.map((name) => [name, { file: `${args.secretsFolder}/${fileOf(plan, name)}` }])),
  };
  return stringify(escapeDollars(file, args.byHand !== undefined), { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Digest of each service's definition, by container name. */
export function definitionDigests(compose: {
  readonly services: { readonly [name: string]: Yaml };
}): Map<string, string> {
  return new Map(
    Object.values(compose.services).map((definition) => [
      String(definition["container_name"]),
      String((definition["labels"] as Yaml)[DEFINITION_LABEL]),
    ]),
  );
}

/** Secrets of a service: each generated value's name and the file that shows it. */
export function secretsOf(plan: Plan, { name, inputs }: PlannedResource): { source: string; target: string }[] {
  const volume = mountsOf(inputs).find(({ containerPath }) => containerPath === SECRETS_PATH)?.["volumeName"];
  const carrier = carriersOf(plan).find((candidate) =>
    mountsOf(candidate.inputs).some(({ volumeName }) => volumeName === volume),
  );
  const uploads = (reveal(carrier?.inputs["uploads"]) ?? []) as { file: string; content: PlanValue }[];
  return uploads.map(({ file, content }) => {
    const value = reveal(content);
    if (!isSecret(content) || typeof value !== "string" || !value.startsWith(SECRET_SCHEME)) {
      throw new Error(`${name}: ${file} is not a generated secret; only those are put in files`);
    }
    return { source: value.slice(SECRET_SCHEME.length), target: file };
  });
}

/** Where a secret's file is: what a provider made is not generated here, and is put below `given`. */
function fileOf(plan: Plan, secret: string): string {
  return resourcesOf(plan, TYPES.password).some(({ name }) => name === secret) ? secret : `given/${secret}`;
}

/** Containers that are never started: they carry secrets into volumes, where Compose binds files. */
function carriersOf(plan: Plan): PlannedResource[] {
  return resourcesOf(plan, TYPES.container).filter(({ inputs }) => inputs["start"] === false);
}

function holdsSecrets(plan: Plan, { type, inputs }: PlannedResource): boolean {
  return (
    type === TYPES.volume &&
    carriersOf(plan).some((carrier) => mountsOf(carrier.inputs).some(({ volumeName }) => volumeName === inputs["name"]))
  );
}

function mountsOf(inputs: PlannedResource["inputs"]): Yaml[] {
  return (reveal(inputs["volumes"]) ?? []) as Yaml[];
}

function service(plan: Plan, container: PlannedResource, containers: ReadonlyMap<string, PlannedResource>): Yaml {
  const { inputs } = container;
  const list = (key: string) => (reveal(inputs[key]) ?? []) as Yaml[];
  const memory = Number(inputs["memory"]);
  const capabilities = inputs["capabilities"] as { drops: string[]; adds: string[] };
  const adds = capabilities.adds.map((capability) => capability.replace(/^CAP_/, ""));
  const networks = list("networksAdvanced");
  return {
    container_name: containerName(container),
    hostname: inputs["hostname"],
    user: inputs["user"],
    command: inputs["command"],
    environment: Object.fromEntries(((reveal(inputs["envs"]) ?? []) as string[]).map(splitVariable)),
    labels: Object.fromEntries(
      list("labels")
        .filter(isOurs)
        .map(({ label, value }) => [label, value]),
    ),
    ...(networks.length === 0
      ? { network_mode: "none" }
      : { networks: Object.fromEntries(networks.map(({ name, aliases }) => [shortName(name, inputs), { aliases }])) }),
    dns: inputs["dns"],
    volumes: list("volumes")
      .filter(({ containerPath }) => containerPath !== SECRETS_PATH)
      .map(({ volumeName, containerPath, readOnly }) => ({
        type: "volume",
        source: shortName(volumeName, inputs),
        target: containerPath,
        ...(readOnly === true ? { read_only: true } : {}),
      })),
    secrets: secretsOf(plan, container),
    read_only: inputs["readOnly"],
    tmpfs: Object.entries((inputs["tmpfs"] ?? {}) as Yaml).map(([path, options]) => `${path}:${String(options)}`),
    init: inputs["init"],
    cap_drop: capabilities.drops,
    ...(adds.length === 0 ? {} : { cap_add: adds }),
    security_opt: inputs["securityOpts"],
    mem_limit: `${memory}m`,
    memswap_limit: `${Number(inputs["memorySwap"])}m`,
    cpus: Number(inputs["cpus"]),
    shm_size: `${Number(inputs["shmSize"])}m`,
    ulimits: Object.fromEntries(list("ulimits").map(({ name, soft, hard }) => [name, { soft, hard }])),
    logging: { driver: inputs["logDriver"], options: inputs["logOpts"] },
    stop_grace_period: `${Number(inputs["stopTimeout"])}s`,
    stop_signal: inputs["stopSignal"],
    ports: list("ports").map(({ internal, external, ip }) => ({
      target: internal,
      published: String(external),
      host_ip: ip,
    })),
    restart: inputs["restart"],
    ...health(inputs["healthcheck"] as Yaml | undefined),
    depends_on: Object.fromEntries(
      container.dependencies.flatMap((urn) => {
        const target = containers.get(urn);
        return target === undefined ? [] : [[serviceOf(target), { condition: condition(target, list("labels")) }]];
      }),
    ),
  };
}

/** Where the image comes from: built beforehand by `platform images`, or by Compose itself. */
function source(
  container: PlannedResource,
  images: ReadonlyMap<string, PlannedResource>,
  { byHand }: RenderArgs,
): Yaml {
  const ref = textOf(container, "image");
  if (byHand === undefined) return { image: ref, pull_policy: "never" };
  const image = images.get(ref);
  if (image === undefined) return { image: ref };
  const build = image.inputs["build"] as { context: string; dockerfile: string; args: { [name: string]: string } };
  const variable = `${image.name.toUpperCase().replaceAll("-", "_")}_IMAGE`;
  return {
    image: `\${${variable}:-${ref}}`,
    build: {
      context: `${byHand.root}/${build.context}`,
      dockerfile: relative(build.context, build.dockerfile),
      args: Object.fromEntries(Object.entries(build.args).map(([name, value]) => [name, `\${${name}:-${value}}`])),
    },
  };
}

/** Named networks or volumes: short name in the file, physical name in the engine. */
function named(plan: Plan, type: string, extra: (inputs: PlannedResource["inputs"]) => Yaml): Yaml {
  return Object.fromEntries(
    resourcesOf(plan, type).map((resource) => {
      const { inputs } = resource;
      const name = textOf(resource, "name");
      const labels = ((inputs["labels"] ?? []) as Yaml[]).map(({ label, value }): [string, unknown] => [
        String(label),
        value,
      ]);
      return [name.slice(prefixOf(plan).length + 1), { name, ...extra(inputs), labels: Object.fromEntries(labels) }];
    }),
  );
}

/** Networks and volumes are named `<prefix>-<short name>`; the container's label holds the prefix. */
function shortName(physical: unknown, inputs: PlannedResource["inputs"]): string {
  const labels = (inputs["labels"] ?? []) as { label: string; value: string }[];
  const prefix = labels.find(({ label }) => label === "odoo-platform.stack")?.value ?? "";
  return String(physical).slice(prefix.length + 1);
}

function condition(target: PlannedResource, labels: readonly Yaml[]): string {
  if (labels.some(({ label }) => label === `${WHILE_LABEL}${serviceOf(target)}`)) return "service_started";
  if (target.inputs["mustRun"] === false) return "service_completed_successfully";
  return target.inputs["healthcheck"] === undefined ? "service_started" : "service_healthy";
}

function health(check: Yaml | undefined): Yaml {
  if (check === undefined) return {};
  const { tests, interval, timeout, retries, startPeriod } = check;
  return { healthcheck: { test: tests, interval, timeout, retries, start_period: startPeriod } };
}

/** Labels by which Pulumi orders and replaces; Compose has `depends_on` for that. */
function isOurs({ label }: Yaml): boolean {
  const name = String(label);
  return name !== "odoo-platform.secrets" && !name.startsWith("odoo-platform.after.") && !name.startsWith(WHILE_LABEL);
}

function splitVariable(variable: string): [string, string] {
  const at = variable.indexOf("=");
  return [variable.slice(0, at), variable.slice(at + 1)];
}
