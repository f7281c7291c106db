import { TYPES } from "../../plan/plan.ts";
import { isBetween, pinsOf } from "./pins.ts";
import { VULNERABLE } from "./vulnerable.ts";
import type { Rule } from "../rule.ts";

/** No version that is known as vulnerable is pinned. */
export const notVulnerable: Rule = {
  id: "versions-are-not-known-as-vulnerable",
  level: "mandatory",
  must: "no version that is known as vulnerable is pinned",
  why: "its hole is published, with the way through it",
  fix: "raise the version to the one that mends it, named in policies/pins/vulnerable.ts",
  sources: ["OSV"],
  reads: "Container.image, Image.imageName, Image.build.args",
  types: [TYPES.container, TYPES.image],
  findFaults: (resource, { plan }) =>
    pinsOf(resource, plan).flatMap(({ product, version, where }) =>
      VULNERABLE.filter((hole) => hole.product === product && isBetween(version, hole.from, hole.below)).map(
        ({ below, id, harm }) => `${where} pins ${product} ${version}: ${id}, ${harm}; mended in ${below}`,
      ),
    ),
};
