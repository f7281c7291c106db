import type { StackConfig } from "./config.ts";
import type { Inputs } from "./inputs.ts";

/** Where the bases of all images come from. */
export interface ImageSources {
  readonly source: "registry" | "debian";
  readonly base: string;
  readonly buildBase: string;
  readonly odooBase: string;
}

/**
 * Settles `auto` with what was found on this machine; where nothing was recorded, a registry is assumed, so that a plan
 * made on a fresh machine is the one that is reviewed.
 */
export function imageSources(
  images: StackConfig["images"],
  { project, machine, baseHash }: Pick<Inputs, "project" | "machine" | "baseHash">,
): ImageSources {
  const source = images.source === "auto" ? (machine?.imageSource ?? "registry") : images.source;
  const base = source === "registry" ? images.debianBase : `${project}/base:${baseHash.slice(0, 12)}`;
  return { source, base, buildBase: machine?.buildBase ?? base, odooBase: images.odooBase };
}
