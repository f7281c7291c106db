import { TYPES } from "../../plan/plan.ts";
import { type Rule, when } from "../rule.ts";
import { containerRule } from "./container.ts";

/** Every image is named by digest, or by the content hash of an image of the plan. */
export const knownImage: Rule = containerRule({
  id: "images-are-named-by-their-content",
  level: "mandatory",
  must: "every image is named by digest, or by the content hash of an image of the plan",
  why: "a tag is whatever somebody pushed last",
  fix: "name it name@sha256:…, or build it in components/images.ts",
  sources: ["CIS Docker 5.28"],
  reads: "Container.image, Image.imageName",
  findFaults: (container, look) => {
    const image = container.read("image").word;
    const built = look.grouped("images", [TYPES.image], (one) => [one.read("imageName").word]).has(image);
    const hashed = built && /:[0-9a-f]{12,64}$/.test(image);
    return when(!hashed && !/@?sha256:[0-9a-f]{64}$/.test(image), `image ${image} is not named by its content`);
  },
});
