import { join } from "node:path";

import type Docker from "dockerode";

import { type Plan, type PlannedResource, resourcesOf, textOf, TYPES } from "../plan/plan.ts";
import { readConfig } from "../stacks/config.ts";
import { imageSources } from "../stacks/image-sources.ts";
import type { Inputs, Machine } from "../stacks/inputs.ts";
import type { Say } from "./engine.ts";
import { buildImage, hasImage } from "./image-build.ts";
import { buildBuildBase, buildDebianBase, findRegistry, writeMachine } from "./image-source.ts";

/**
 * Finds out where bases come from on this machine, makes the ones that must be made here, and records it, so that every
 * later plan on this machine says the same.
 *
 * A registry that was out of reach is asked for again at every call, which takes a tenth of a second.
 */
export async function settleBases(docker: Docker, root: string, inputs: Inputs, say: Say): Promise<Machine> {
  const { project, stack } = inputs;
  const config = readConfig(project, stack, inputs.config);
  let imageSource = config.images.source;
  if (imageSource === "auto") {
    const registry = await findRegistry(docker, config.images.debianBase);
    imageSource = registry.inReach ? "registry" : "debian";
    say(
      registry.inReach
        ? "images: bases come from the image registry"
        : `images: no image registry in reach (${registry.why}); bases are built from Debian's packages`,
    );
  }
  const { base } = imageSources({ ...config.images, source: imageSource }, { ...inputs, machine: undefined });
  if (imageSource === "debian") await buildDebianBase(docker, root, base, say);
  const buildBase = await buildBuildBase(docker, { root, project, base }, say);
  const machine: Machine = { imageSource, ...(buildBase === base ? {} : { buildBase }) };
  writeMachine(root, stack, machine);
  return machine;
}

/**
 * Builds the images of a plan that this engine doesn't have yet: side by side, but each after the one it is built from.
 *
 * @param names those that are wanted; what they are built from is built too. By default all.
 * @returns names of those that were built.
 * @throws Fault with what the builder said; the other builds are let finish, so that their layers are not lost.
 */
export async function buildImages(
  docker: Docker,
  root: string,
  plan: Plan,
  say: Say,
  names?: readonly string[],
): Promise<string[]> {
  const images = resourcesOf(plan, TYPES.image);
  const builds = new Map<string, Promise<string | undefined>>();
  const build = (image: PlannedResource): Promise<string | undefined> => {
    const known = builds.get(image.urn);
    if (known !== undefined) return known;
    const bases = images.filter(({ urn }) => image.dependencies.includes(urn));
    const started = Promise.all(bases.map(build)).then(() => buildMissing(docker, root, image, say));
    builds.set(image.urn, started);
    return started;
  };
  const results = await Promise.allSettled(images.filter(({ name }) => names?.includes(name) ?? true).map(build));
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return results.flatMap((result) =>
    result.status === "fulfilled" && result.value !== undefined ? [result.value] : [],
  );
}

async function buildMissing(
  docker: Docker,
  root: string,
  image: PlannedResource,
  say: Say,
): Promise<string | undefined> {
  const tag = textOf(image, "imageName");
  if (await hasImage(docker, tag)) return undefined;
  const { context, dockerfile, args } = image.inputs["build"] as {
    context: string;
    dockerfile: string;
    args: { [name: string]: string };
  };
  say(`building ${tag}`);
  const started = performance.now();
  await buildImage(docker, { context: join(root, context), dockerfile: join(root, dockerfile), tag, args });
  say(`built ${tag} in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return tag;
}
