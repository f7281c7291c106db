import { TYPES } from "../../plan/plan.ts";
import { type Rule, when } from "../rule.ts";

/** The base of every image is named by digest, or by the content hash of one that is made here. */
export const basedByDigest: Rule = {
  id: "bases-are-named-by-their-content",
  level: "mandatory",
  must: "the base of every image is named by digest, or by the content hash of one that is made here",
  why: "a tag is whatever somebody pushed last, and the image that runs is not the one that was tested",
  fix: "name it name:tag@sha256:…, as images.debianBase and images.odooBase do",
  sources: ["CIS Docker 4.2"],
  reads: "Image.build.args",
  types: [TYPES.image],
  findFaults: (image, { plan }) =>
    image.read("build.args").entries.flatMap(([name, value]) => {
      const ref = value.word;
      const isBase = /(^|_)BASE$/.test(name);
      const known =
        /@sha256:[0-9a-f]{64}$/.test(ref) || (/:[0-9a-f]{12,64}$/.test(ref) && ref.startsWith(`${plan.project}/`));
      return when(isBase && !known, `${name} is ${ref === "" ? "empty" : ref}`);
    }),
};
