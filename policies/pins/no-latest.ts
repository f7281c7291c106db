import { TYPES } from "../../plan/plan.ts";
import { refsOf } from "./pins.ts";
import type { Rule } from "../rule.ts";

/** No image or base is `latest`, or without a tag. */
export const noLatest: Rule = {
  id: "no-image-is-latest",
  level: "mandatory",
  must: "no image or base is `latest`, or without a tag",
  why: "nobody can say what ran yesterday",
  fix: "name a version and a digest",
  sources: [],
  reads: "Container.image, Image.build.args",
  types: [TYPES.container, TYPES.image],
  findFaults: (resource, { plan }) =>
    refsOf(resource, plan)
      .filter(({ ref }) => /:latest(@|$)/.test(ref) || !/[:@][^/]*$/.test(ref))
      .map(({ ref, where }) => `${where} is ${ref}`),
};
