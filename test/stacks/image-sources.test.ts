import { describe, expect, test } from "vitest";

import { imageSources } from "../../stacks/image-sources.ts";

const IMAGES = { source: "auto", debianBase: "debian@sha256:1", odooBase: "odoo@sha256:2" } as const;
const MACHINE = { project: "shop", baseHash: "0123456789abcdef", machine: undefined };

describe("where bases come from", () => {
  test("on a machine that nothing is known of: a registry, so that its plan is the one that was reviewed", () => {
    expect(imageSources(IMAGES, MACHINE)).toEqual({
      source: "registry",
      base: "debian@sha256:1",
      buildBase: "debian@sha256:1",
      odooBase: "odoo@sha256:2",
    });
  });

  test("on a machine without a registry: a base of our own, tagged by its recipe", () => {
    expect(imageSources(IMAGES, { ...MACHINE, machine: { imageSource: "debian" } })).toMatchObject({
      source: "debian",
      base: "shop/base:0123456789ab",
      buildBase: "shop/base:0123456789ab",
    });
  });

  test.each(["registry", "debian"] as const)("a stack that says %s is not overruled by what was found", (source) => {
    const imageSource = source === "debian" ? "registry" : "debian";
    expect(imageSources({ ...IMAGES, source }, { ...MACHINE, machine: { imageSource } }).source).toBe(source);
  });

  test("the base of build stages is the one with the host's CA, where it has one", () => {
    const machine = { imageSource: "registry", buildBase: "shop/build-base:1" } as const;
    expect(imageSources(IMAGES, { ...MACHINE, machine })).toMatchObject({
      base: "debian@sha256:1",
      buildBase: "shop/build-base:1",
    });
  });
});
