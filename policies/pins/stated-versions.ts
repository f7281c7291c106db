import { TYPES } from "../../plan/plan.ts";
import { productOf, refsOf, versionOf } from "./pins.ts";
import { PRODUCTS } from "./vulnerable.ts";
import type { Rule } from "../rule.ts";

/** An image of a product with known holes states its version beside the digest. */
export const statedVersions: Rule = {
  id: "known-products-state-their-version",
  level: "mandatory",
  must: "an image of a product with known holes states its version beside the digest",
  why: "a digest alone tells nobody whether the hole is in it",
  fix: "name it name:version@sha256:…",
  sources: [],
  reads: "Container.image, Image.build.args",
  types: [TYPES.container, TYPES.image],
  findFaults: (resource, { plan }) =>
    refsOf(resource, plan)
      .filter(({ ref }) => PRODUCTS.has(productOf(ref)) && versionOf(ref) === undefined)
      .map(({ ref, where }) => `${where} is ${ref}, without a version`),
};
