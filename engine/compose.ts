import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

import type Docker from "dockerode";
import { parse } from "yaml";

import type { Plan, PlannedResource } from "../plan/plan.ts";
import { type ComposeCli, composeFault } from "./compose-cli.ts";
import { differingNetworks, removeNetworks } from "./compose-networks.ts";
import { definitionDigests, DEFINITION_LABEL, renderCompose } from "./compose-render.ts";
import { containerName, plannedContainer, prefixOf, serviceOf, servicesOf } from "./docker.ts";
import type { Engine, Say } from "./engine.ts";
import { Fault } from "./fault.ts";
import { readSecret, secretsFolder, writeSecrets } from "./secrets.ts";

/** Longest that a whole stack may take to become healthy, in seconds. */
const WAIT_SECONDS = 900;

/** The embedded engine: the plan rendered for Docker Compose. */
export function composeEngine(docker: Docker, cli: ComposeCli, root: string, stack: string): Engine {
  const folder = join(root, ".platform", stack);
  const file = join(folder, "compose.yaml");

  const render = (plan: Plan): string => {
    const text = renderCompose(plan, { secretsFolder: secretsFolder(root, plan.stack) });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, text);
    return text;
  };
  const compose = async (plan: Plan, args: readonly string[], say: Say): Promise<void> => {
    const { exitCode, output } = await cli.run(["--project-name", prefixOf(plan), "--file", file, ...args], say);
    if (exitCode !== 0) throw composeFault(output);
  };
  const make = async (plan: Plan, one: PlannedResource, say: Say, more: readonly string[] = []): Promise<void> => {
    const own = ["--no-deps", ...more, serviceOf(one)];
    if (!isJob(one)) return compose(plan, [...up, ...own], say);
    // Compose's own --wait takes a job that has ended well for one that failed.
    await compose(plan, ["up", "--detach", "--no-build", ...own], say);
    await waitForJob(docker, plan, one);
  };
  const up = ["up", "--detach", "--no-build", "--remove-orphans", "--wait", "--wait-timeout", String(WAIT_SECONDS)];

  return {
    name: "compose",
    description: cli.description,
    whereIs: (secret) => relative(root, join(secretsFolder(root, stack), secret)),
    secret: (name) => Promise.resolve(readSecret(root, stack, name)),

    up: async (plan, say) => {
      writeSecrets(root, plan);
      const definitions = definitionDigests(parse(render(plan)) as Parameters<typeof definitionDigests>[0]);
      const [containers, networks] = await Promise.all([
        differing(docker, plan, definitions),
        differingNetworks(docker, plan),
      ]);
      const different = [...containers, ...networks];
      if (different.length === 0) return { services: [] };
      if (networks.length > 0) await removeNetworks(docker, plan, networks, say);
      // Compose makes anew whatever depends on a container that it makes anew, the edge above all. By themselves, in order,
      // the different ones leave those alone.
      if (networks.length === 0 && (await leavesSomeAlone(docker, plan, containers)))
        for (const one of inOrder(plan, containers)) await make(plan, one, say);
      else await compose(plan, up, say);
      await sweep(docker, plan, say);
      return { services: different };
    },

    replace: async (plan, services, say) => {
      render(plan);
      const names = services.map((service) => containerName(plannedContainer(plan, service)));
      const jobs = inOrder(plan, names).filter(isJob);
      const others = services.filter((name) => !jobs.some((job) => serviceOf(job) === name));
      if (others.length > 0) await compose(plan, [...up, "--force-recreate", "--no-deps", ...others], say);
      for (const job of jobs) await make(plan, job, say, ["--force-recreate"]);
    },

    down: async (plan, { volumes }, say) => {
      render(plan);
      await compose(plan, ["down", "--remove-orphans", ...(volumes ? ["--volumes"] : [])], say);
      await sweep(docker, { ...plan, resources: [] }, say);
    },
  };
}

/** Planned containers by their physical names, each after those that it depends on. */
function inOrder(plan: Plan, names: readonly string[]): PlannedResource[] {
  let left = servicesOf(plan).filter((one) => names.includes(containerName(one)));
  const ordered: PlannedResource[] = [];
  while (left.length > 0) {
    const ready = left.filter(({ dependencies }) => !left.some(({ urn }) => dependencies.includes(urn)));
    ordered.push(...ready);
    left = left.filter((one) => !ready.includes(one));
  }
  return ordered;
}

/** @throws Fault for a job that fails, or does not end. */
async function waitForJob(docker: Docker, { stack }: Plan, job: PlannedResource): Promise<void> {
  const logs = `Read \`npm run platform -- logs ${serviceOf(job)} --stack ${stack}\`.`;
  const abortSignal = AbortSignal.timeout(WAIT_SECONDS * 1000);
  let code: number;
  try {
    ({ StatusCode: code } = (await docker.getContainer(containerName(job)).wait({ abortSignal })) as JobEnd);
  } catch (error) {
    if (!abortSignal.aborted) throw error;
    throw new Fault(`Job ${serviceOf(job)} did not end within ${WAIT_SECONDS} s. ${logs}`);
  }
  if (code !== 0) throw new Fault(`Job ${serviceOf(job)} ended with exit code ${code}. ${logs}`);
}

interface JobEnd {
  readonly StatusCode: number;
}

function isJob({ inputs }: PlannedResource): boolean {
  return inputs["mustRun"] === false;
}

/** Does something run, as planned, that depends on what is different, if only through others? */
async function leavesSomeAlone(docker: Docker, plan: Plan, different: readonly string[]): Promise<boolean> {
  const running = (await containersOf(docker, plan)).filter(({ State }) => State === "running").map(nameOf);
  const services = new Map(servicesOf(plan).map((one) => [one.urn, one]));
  const reaches = ({ dependencies }: PlannedResource): boolean =>
    dependencies
      .flatMap((urn) => services.get(urn) ?? [])
      .some((one) => different.includes(containerName(one)) || reaches(one));
  return [...services.values()].some(
    (one) => running.includes(containerName(one)) && !different.includes(containerName(one)) && reaches(one),
  );
}

interface Found {
  readonly Names: string[];
  readonly State: string;
  readonly Status: string;
  readonly Labels: { readonly [label: string]: string };
}

/** Physical names of containers that aren't there, aren't as defined, don't run well, or shouldn't be there. */
async function differing(docker: Docker, plan: Plan, definitions: ReadonlyMap<string, string>): Promise<string[]> {
  const found = new Map((await containersOf(docker, plan)).map((container) => [nameOf(container), container]));
  const jobs = new Set(servicesOf(plan).filter(isJob).map(containerName));
  const wrong = [...definitions].filter(([name, digest]) => {
    const container = found.get(name);
    if (container === undefined || container.Labels[DEFINITION_LABEL] !== digest) return true;
    return jobs.has(name) ? !/^Exited \(0\)/.test(container.Status) : !/\(healthy\)/.test(container.Status);
  });
  const strangers = [...found.keys()].filter((name) => !definitions.has(name));
  return [...wrong.map(([name]) => name), ...strangers].sort();
}

/** Removes containers of the stack that the plan doesn't know, such as the halves that a killed `up` left behind. */
async function sweep(docker: Docker, plan: Plan, say: Say): Promise<void> {
  const planned = new Set(servicesOf(plan).map(containerName));
  for (const container of await containersOf(docker, plan)) {
    if (planned.has(nameOf(container))) continue;
    say(`removing ${nameOf(container)}, which is not in the plan`);
    await docker.getContainer(nameOf(container)).remove({ force: true, v: true });
  }
}

async function containersOf(docker: Docker, plan: Plan): Promise<Found[]> {
  return docker.listContainers({ all: true, filters: { label: [`odoo-platform.stack=${prefixOf(plan)}`] } });
}

function nameOf({ Names }: Found): string {
  return (Names[0] ?? "").replace(/^\//, "");
}
