import { type Plan, TYPES } from "../../plan/plan.ts";
import type { Subject } from "../subject.ts";

/** A version that a resource fixes. */
export interface Pin {
  readonly product: string;
  readonly version: string;
  /** Input that it stands in. */
  readonly where: string;
}

/** A reference to an image. */
export interface Ref {
  readonly ref: string;
  readonly where: string;
}

/** Images that a resource names. Those of the plan itself are named by content, and say nothing of a version. */
export function refsOf(resource: Subject, { project }: Plan): readonly Ref[] {
  return named(resource).filter(({ ref }) => !(ref.startsWith(`${project}/`) && /:[0-9a-f]{12,64}$/.test(ref)));
}

function named(resource: Subject): readonly Ref[] {
  if (resource.type === TYPES.container) return refAt(resource.read("image").text, "image");
  return resource
    .read("build.args")
    .entries.flatMap(([name, value]) =>
      /(^|_)(BASE|IMAGE)$/.test(name) ? refAt(value.text, `build argument ${name}`) : [],
    );
}

/** Versions that a resource fixes: in references to images, and in build arguments such as CADDY_VERSION. */
export function pinsOf(resource: Subject, plan: Plan): readonly Pin[] {
  const images = refsOf(resource, plan).flatMap(({ ref, where }) => {
    const version = versionOf(ref);
    return version === undefined ? [] : [{ product: productOf(ref), version, where }];
  });
  if (resource.type === TYPES.container) return images;
  const stated = resource.read("build.args").entries.flatMap(([name, value]) => {
    const [, product] = /^(\w+)_VERSION$/.exec(name) ?? [];
    if (product === undefined) return [];
    const version = value.word.replace(/^v/, "");
    return [{ product: product.toLowerCase().replaceAll("_", "-"), version, where: `build argument ${name}` }];
  });
  return [...images, ...stated];
}

/** `superset` of `docker.io/apache/superset:6.1@sha256:…`. */
export function productOf(ref: string): string {
  const path = (ref.split("@")[0] ?? "").split("/").at(-1) ?? "";
  return path.split(":")[0] ?? "";
}

/** `6.1` of `apache/superset:6.1-dev@sha256:…`; undefined for a tag that is no version. */
export function versionOf(ref: string): string | undefined {
  const tag = /:v?([^/:]+)$/.exec(ref.split("@")[0] ?? "")?.[1] ?? "";
  return /^\d+(\.\d+)*(?=$|[-_+.])/.exec(tag)?.[0];
}

/** Is a version at or above one, and below another? Throws for what is no version: it can't be said to be safe. */
export function isBetween(version: string, from: string, below: string): boolean {
  return compare(version, from) >= 0 && compare(version, below) < 0;
}

function compare(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let place = 0; place < Math.max(left.length, right.length); place++) {
    const difference = (left[place] ?? 0) - (right[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): readonly number[] {
  const [digits] = /^\d+(\.\d+)*/.exec(version) ?? [];
  if (digits === undefined) throw new TypeError(`${version === "" ? "nothing" : version} is no version`);
  return digits.split(".").map(Number);
}

function refAt(ref: string | undefined, where: string): readonly Ref[] {
  return ref === undefined || ref === "" ? [] : [{ ref, where }];
}
